"""Guess which columns hold secrets, and by which a person can be found."""

import re

from fulfillment.introspection.guess import LEAST, SEVERAL_KINDS, Guess, What
from fulfillment.introspection.schema import Column, Family
from fulfillment.introspection.tables import View
from fulfillment.introspection.values import Signs
from fulfillment.introspection.words import graded_words, tokens, word_set

_OFTEN = 0.5


def secret_of(column: Column, view: View, signs: Signs) -> Guess | None:
    """Whether a column holds what nobody may read, by its name or the form of its values."""
    if column.family not in (Family.TEXT, Family.BYTES, Family.JSON, Family.OTHER, Family.UUID):
        return None
    if signs.share("password") >= _OFTEN and signs.values:
        return _secret(
            0.97, f"{signs.counts['password']} of {signs.values} sampled values are hashed passwords"
        )
    words = tokens(column.name)
    found = graded_words("columns", "secrets").find(words)
    sure = [each for each in found if each.entry.sure and not _is_turned(words[each.end :])]
    looks_so = max(signs.share("token"), signs.share("session"), signs.share("uuid")) >= _OFTEN
    if sure:
        spoken = " ".join(words[sure[-1].start : sure[-1].end])
        return _secret(0.95 if looks_so else 0.88, f"the name says “{spoken}”")
    likely = [each for each in found if not _is_turned(words[each.end :]) and each.end == len(words)]
    if likely and (looks_so or view.is_sessions):
        return _secret(0.75, "the name and the form of the values speak for a token")
    if signs.share("session") >= _OFTEN and view.is_sessions:
        return _secret(0.85, "stored sessions")
    return None


def _secret(confidence: float, why: str) -> Guess:
    return Guess(What.SECRET, "secret", confidence, why)


def _is_turned(after: tuple[str, ...]) -> bool:
    return any(word in word_set("turns") and word != "digest" for word in after)


def identity_of(column: Column, view: View, category: Guess | None, signs: Signs) -> Guess | None:
    """By what a person can be searched in this column: an address, a number, a name to sign in with."""
    found = _identity_of(column, view, category, signs)
    if found is None or not (origin := _copied_from(column, view)):
        return found
    why = f"a copy that the database itself makes of {origin}: people are found there, and it changes along"
    return Guess(What.IDENTITY, found.value, 0.4, why, kept_out=True)


def _copied_from(column: Column, view: View) -> str:
    """The column that a generated one is made from, where it is one of the same table; the longest name that fits."""
    words = set(re.findall(r"\w+", column.made_of))
    names = (each.name for each in view.table.columns if each.name in words and each.name != column.name)
    return max(names, key=len, default="")


def _identity_of(column: Column, view: View, category: Guess | None, signs: Signs) -> Guess | None:
    if category is None or category.confidence < LEAST or view.is_machinery:
        return None
    words = set(tokens(column.name))
    if category.value == "user.contact.email":
        if graded_words("columns", "actors").find(tokens(column.name)) and not view.is_person:
            why = "names who worked on the row, and not whom it is about"
            return Guess(What.IDENTITY, "email", 0.4, why, kept_out=True)
        if words & word_set("machines") or (words & word_set("ours") and not view.is_person):
            why = "an address of the company or of a machine, by its name"
            return Guess(What.IDENTITY, "email", 0.4, why, kept_out=True)
        return _identity("email", min(category.confidence, 0.95), "people are found by their address")
    if category.value == "user.contact" and signs.of_several_kinds:
        return _identity("email", 0.55, f"{SEVERAL_KINDS}, addresses among them")
    if category.value == "user.contact.phone_number" and view.is_person:
        return _identity("phone_number", 0.6, "a phone number in a table of people")
    if not view.is_person or not view.table.is_unique(column.name):
        return None
    if category.value == "user.account.username":
        return _identity("username", 0.7, "a name to sign in with, of one person each")
    if category.value == "user.unique_id" and column.name not in view.table.primary_key:
        return _identity("customer_number", 0.65, "a number of one person each, which is not the key")
    return None


def _identity(kind: str, confidence: float, why: str) -> Guess:
    return Guess(What.IDENTITY, kind, round(confidence, 2), why)
