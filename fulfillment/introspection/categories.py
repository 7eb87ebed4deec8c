"""Guess what a column holds, from its name, its type and the forms of its sampled values."""

from fulfillment.introspection.guess import LEAST, SEVERAL_KINDS, Guess, What
from fulfillment.introspection.schema import Column, Family
from fulfillment.introspection.tables import View
from fulfillment.introspection.values import Signs
from fulfillment.introspection.words import column_categories, tokens, word_set

# Forms that say by themselves what a value is: the category, and how a reader calls it.
_FORMS = {
    "email": ("user.contact.email", "an e-mail address"),
    "ip": ("user.device.ip_address", "an IP address"),
    "iban": ("user.financial.bank_account", "an IBAN"),
    "card": ("user.financial.credit_card", "a card number"),
    "national": ("user.government_id.national_identification_number", "a national number"),
    "agent": ("user.device", "a browser's signature"),
    "mac": ("user.device.device_id", "a hardware address"),
    "phone": ("user.contact.phone_number", "a phone number"),
    "person": ("user.name", "a person's name"),
    "given": ("user.name.first", "a given name"),
}
# A name that says one of these is doubted where no value has the form.
_CHECKED = {
    "user.contact.email": ("email",),
    "user.device.ip_address": ("ip", "digits"),
    "user.contact.phone_number": ("phone", "digits"),
    "user.financial.bank_account": ("iban", "digits", "uuid", "token"),
}
_SURE, _LIKELY, _DOUBTED = 0.85, 0.7, 0.2
_ENOUGH_TO_DOUBT = 10
_MOSTLY, _OFTEN = 0.8, 0.5
_UPRIGHT = frozenset({"email", "ip", "iban", "agent", "mac"})


def category_of(column: Column, view: View, signs: Signs) -> Guess | None:
    """The likeliest category of a column, or None where nothing speaks for one surely enough."""
    by_name = _by_name(column, view)
    by_values = _by_values(column, view, signs)
    if column.family is Family.INET:
        kind = "user.device.device_id" if column.type_name.startswith("mac") else "user.device.ip_address"
        return _category(kind, 0.95, f"the type is {column.type_name}")
    if by_name and by_values and by_values.value.startswith(by_name.value):
        return _category(by_values.value, 0.98, f"{by_name.why}; {by_values.why}")
    if by_name and by_values and by_name.value.startswith(by_values.value):
        return _category(by_name.value, 0.97, f"{by_name.why}; {by_values.why}")
    if by_name:
        by_name = _weighed(by_name, signs)
    best = max(
        (each for each in (by_name, by_values) if each), key=lambda each: each.confidence, default=None
    )
    if best is None or best.confidence < LEAST:
        return _technical(column, view) or _free_text(column, signs)
    return best


def _category(value: str, confidence: float, why: str) -> Guess:
    return Guess(What.CATEGORY, value, round(confidence, 2), why)


def _by_name(column: Column, view: View) -> Guess | None:
    words = tokens(column.name)
    for found in reversed(column_categories().find(words)):
        entry = found.entry
        if column.family.value not in entry.types or _is_turned(words[found.end :]):
            continue
        spoken = " ".join(words[found.start : found.end])
        if entry.sure:
            confidence = 0.45 if view.is_machinery else _SURE
        else:
            fits = view.is_address if entry.address else view.is_person
            confidence = _LIKELY if fits or (view.is_person and entry.address) else 0.4
        return _category(entry.key, confidence, f"the name says “{spoken}”")
    ended = column_categories().ending("".join(words)) if len(words) == 1 else None
    if ended and column.family.value in ended.types:
        return _category(ended.key, 0.45 if view.is_machinery else 0.75, "the name ends so")
    return None


def _is_turned(after: tuple[str, ...]) -> bool:
    """Whether the words after a phrase say that the column speaks about the thing instead of holding it."""
    neutral, turns = word_set("neutral"), word_set("turns")
    return any(word in turns and word not in neutral for word in after)


def _by_values(column: Column, view: View, signs: Signs) -> Guess | None:
    if column.family is Family.DATE:
        if view.is_person and signs.values >= _ENOUGH_TO_DOUBT and signs.share("birth") >= 0.95:
            return _category("user.demographic.date_of_birth", 0.55, "nearly all dates could be births")
        return None
    if column.family is not Family.TEXT:
        return None
    if signs.of_several_kinds:
        count = {name: signs.counts.get(name, 0) for name in ("email", "phone", "digits")}
        why = f"{SEVERAL_KINDS}: of {signs.values} sampled, {count['email']} e-mail addresses and "
        return _category("user.contact", 0.65, f"{why}{max(count['phone'], count['digits'])} phone numbers")
    for sign, (category, spoken) in _FORMS.items():
        share = signs.share(sign)
        enough = _MOSTLY if sign in _UPRIGHT else 0.9
        if sign in ("person", "given"):
            enough = _OFTEN
        if share >= enough and signs.values >= 3:
            trust = min(1.0, signs.values / (5 if sign in _UPRIGHT else 20))
            confidence = LEAST + (0.45 if sign in _UPRIGHT else 0.3) * share * trust
            return _category(category, confidence, _counted(signs, sign, spoken))
    if signs.values >= 2 and signs.share("gender") == 1.0 and view.is_person:
        return _category(
            "user.demographic.gender", 0.6, "all sampled values are words for a gender or a title"
        )
    return None


def _counted(signs: Signs, sign: str, spoken: str) -> str:
    return f"{signs.counts.get(sign, 0)} of {signs.values} sampled values have the form of {spoken}"


def _weighed(guess: Guess, signs: Signs) -> Guess:
    """A guess by name, surer or less sure by what the values look like."""
    forms = _CHECKED.get(guess.value)
    if forms is None or signs.values == 0:
        return guess
    count = max(signs.counts.get(form, 0) for form in forms)
    said = f"{guess.why}; {count} of {signs.values} sampled values have such a form"
    share = count / signs.values
    if share >= _OFTEN:
        return _category(guess.value, max(guess.confidence, 0.95), said)
    if share < 0.1 and signs.values >= _ENOUGH_TO_DOUBT:
        return _category(guess.value, _DOUBTED, said)
    return _category(guess.value, guess.confidence, said)


def _technical(column: Column, view: View) -> Guess | None:
    if column.name in view.table.primary_key:
        if view.is_named_person and len(view.table.primary_key) == 1:
            return _category("user.unique_id", 0.8, "the key of a table of people")
        return _category("system.operations", 0.7, "part of the key")
    if column.family is Family.TIMESTAMP:
        return _category("system.operations", 0.6, "a moment that the system notes")
    return None


def _free_text(column: Column, signs: Signs) -> Guess | None:
    if column.family is not Family.TEXT:
        return None
    if signs.share("email_inside") >= 0.05:
        return _category("user.content", 0.6, "text with addresses of people in it")
    if signs.share("sentence") >= _OFTEN and signs.values >= 3:
        return _category("user.content", 0.55, "free text, in which people may stand")
    return None
