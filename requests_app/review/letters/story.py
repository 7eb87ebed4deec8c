"""The words of letters as the pages show them: what is sent now, by kind and language, and what a kind allows."""

from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone, translation

from requests_app.letters.blocks import Block
from requests_app.letters.checking import Words, oddities
from requests_app.letters.compose import sample_of, shipped_words
from requests_app.letters.kinds import Kind, Placeholder, kinds
from requests_app.letters.languages import is_rtl
from requests_app.letters.models import Wording, WordingInUse
from requests_app.letters.wordings import Place, is_sendable


@dataclass(frozen=True)
class KindRow:
    """A kind of letter and whose words are sent; those that `fit` no more are not sent."""

    kind: Kind
    wording: Wording | None
    fits: bool
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """Words with the facts of nobody in them."""

    subject: str
    blocks: tuple[Block, ...]
    direction: str
    language: str
    oddities: list[str]


@dataclass(frozen=True)
class Allowed:
    """A fact that words may name; `why` says who asks for it where it must be there."""

    placeholder: Placeholder
    why: str


def rows_by_group(language: str) -> list[tuple[str, list[KindRow]]]:
    """Every kind under its heading, with what is sent in one language and in which others staff wrote words."""
    in_use = list(WordingInUse.objects.filter(wording__isnull=False).select_related("wording__written_by"))
    here = {each.kind: each.wording for each in in_use if each.language == language}
    elsewhere: dict[str, list[str]] = {}
    for each in in_use:
        if each.language != language:
            elsewhere.setdefault(each.kind, []).append(each.language)
    rows = [_row(kind, here.get(kind.key), elsewhere.get(kind.key, [])) for kind in kinds()]
    rows.sort(key=lambda row: str(row.kind.group))
    return [(group, list(found)) for group, found in groupby(rows, key=lambda row: str(row.kind.group))]


def words_to_start_from(kind: Kind, language: str, wording: Wording | None) -> Words:
    """The words in use, or the shipped ones."""
    if wording is not None:
        return Words(wording.subject, wording.body)
    return shipped_in(kind, language)


def shipped_in(kind: Kind, language: str) -> Words:
    """The words that come with the product, in a language."""
    with translation.override(language), timezone.override(None):
        return shipped_words(kind)


def preview(kind: Kind, words: Words, language: str) -> Preview:
    """How words look."""
    said = sample_of(kind, words, language=language)
    direction = "rtl" if is_rtl(language) else "ltr"
    return Preview(said.subject, said.blocks, direction, language, oddities(words))


def allowed_in(kind: Kind) -> list[Allowed]:
    """The facts that a kind allows, those that must be there first."""
    whys = {name: str(need.why) for need in kind.needs for way in need.ways for name in way}
    found = [Allowed(each, whys.get(each.name, "")) for each in kind.placeholders]
    return sorted(found, key=lambda each: not each.why)


def versions_of(place: Place) -> list[Wording]:
    """Every version, the newest first."""
    return list(Wording.objects.filter(kind=place.kind, language=place.language).select_related("written_by"))


def _row(kind: Kind, wording: Wording | None, languages: list[str]) -> KindRow:
    return KindRow(kind, wording, wording is None or is_sendable(wording), tuple(sorted(languages)))
