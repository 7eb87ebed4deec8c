"""A kind of letter with its facts becomes a line above it and blocks, in the staff's words or in the shipped ones."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation

from requests_app import days
from requests_app.letters.blocks import Block
from requests_app.letters.checking import Words
from requests_app.letters.kinds import Context, Kind
from requests_app.letters.markup import filled, filled_line
from requests_app.letters.models import Wording
from requests_app.letters.text import blocks_of, text_of

SIGNED_OFF = "\n--\n"


@dataclass(frozen=True)
class Said:
    """What a letter says: the line above it, its blocks, and whose words these are."""

    subject: str
    blocks: tuple[Block, ...]
    wording: Wording | None
    words_version: str


def said_in(kind: Kind, context: Context, *, wording: Wording | None) -> Said:
    """Put the facts into the words in use, in the language that is active."""
    if wording is not None:
        return said_as(kind, context, Words(wording.subject, wording.body), wording=wording)
    if kind.shipped is not None:
        return said_as(kind, context, shipped_words(kind), wording=None)
    return said_by_mail(kind, *shipped_mail(kind, context))


def shipped_mail(kind: Kind, context: Context) -> tuple[str, str]:
    """Subject and text of the mail that comes with the product, signature and all."""
    folder, values = f"emails/{kind.key}", dict(context)
    subject = " ".join(render_to_string(f"{folder}/subject.txt", values).split())
    return subject, render_to_string(f"{folder}/body.txt", values).strip() + "\n"


def said_by_mail(kind: Kind, subject: str, text: str) -> Said:
    """What a shipped mail says, without its signature."""
    return Said(subject, blocks_of(text.rpartition(SIGNED_OFF)[0]), None, _version_of_shipped(kind))


def said_as(kind: Kind, context: Context, words: Words, *, wording: Wording | None = None) -> Said:
    """Put the facts into words in our markup."""
    values = kind.values(context)
    return Said(
        subject=filled_line(words.subject, values),
        blocks=filled(words.body, values),
        wording=wording,
        words_version=f"version {wording.number}" if wording else _version_of_shipped(kind),
    )


def sample_of(kind: Kind, words: Words, *, language: str) -> Said:
    """How words look with the facts of nobody in them."""
    with translation.override(language), timezone.override(None):
        return said_as(kind, kind.sample(), words, wording=None)


def shipped_words(kind: Kind) -> Words:
    """The shipped words in our markup, to start from; in the language that is active.

    Those of a mail are its text with each sample fact turned back into its name.
    """
    if kind.shipped is not None:
        return Words(str(kind.shipped.subject), str(kind.shipped.body))
    context = kind.sample()
    said = said_in(kind, context, wording=None)
    return Words(_named(kind, context, said.subject), _named(kind, context, text_of(said.blocks)))


def day_in(value: object) -> str:
    """A day in full, as the language writes it; empty for none."""
    return next(days_in(value), "")


def days_in(value: object) -> Iterator[str]:
    """The ways in which shipped words write a day, the best one first."""
    if isinstance(value, date):
        yield days.weekday(value)
        yield days.day(value)


def _named(kind: Kind, context: Context, text: str) -> str:
    """Longest first, so that no fact is found inside another one."""
    found = []
    for each in kind.placeholders:
        value = each.value(context)
        said = value if isinstance(value, str) else text_of(value)
        found += [(way, each.token) for way in (said, *each.variants(context)) if way]
    for said, token in sorted(found, key=lambda pair: -len(pair[0])):
        text = text.replace(said, token)
    return text


def _version_of_shipped(kind: Kind) -> str:
    """Known by a hash, so that it can be told later which words they were."""
    if kind.shipped is not None:
        source = f"{kind.shipped.subject}\n{kind.shipped.body}"
    else:
        source = "\n".join(
            get_template(f"emails/{kind.key}/{name}").template.source  # type: ignore[attr-defined]
            for name in ("subject.txt", "body.txt")
        )
    return f"shipped {hashlib.sha256(source.encode()).hexdigest()[:12]}"
