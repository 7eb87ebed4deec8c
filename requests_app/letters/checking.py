"""Whether words may be sent as a kind of letter: only facts it knows, and all that the law wants in it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from requests_app.errors import BadInput
from requests_app.letters.kinds import Kind, Need
from requests_app.letters.markup import NAMED, names_in, odd_in, parts_of

SUBJECT_MAX, BODY_MAX = 150, 20_000
# Controls, halves of characters, and marks that make a text read otherwise than it was typed. The plain marks of
# direction (U+200E, U+200F) and the joiners that scripts need are none of them.
_UNPRINTED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class UnfitWords(BadInput):
    """Words that cannot be sent; `field` is where to put them right."""

    code = "unfit_words"

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Words:
    """What staff wrote: the line above a letter, and its text."""

    subject: str
    body: str


def require_fit(kind: Kind, words: Words) -> None:
    """Raises UnfitWords, with a sentence that names what is wrong."""
    for field, written, most in (("subject", words.subject, SUBJECT_MAX), ("body", words.body, BODY_MAX)):
        if not written.strip():
            raise UnfitWords(_("Write something here."), field=field)
        if len(written) > most:
            raise UnfitWords(_("At most %(most)s characters.") % {"most": f"{most:,}"}, field=field)
        if _UNPRINTED.search(written):
            sentence = _(
                "There is a character in it that cannot be printed, or that turns the writing round."
            )
            raise UnfitWords(sentence, field=field)
        _require_known(kind, written, field)
    _require_blocks_alone(kind, words)
    for need in kind.needs:
        if not is_met(need, words.body):
            raise UnfitWords(_sentence(kind, need), field="body")


def is_fit(kind: Kind, words: Words) -> bool:
    """Whether they may be sent."""
    try:
        require_fit(kind, words)
    except UnfitWords:
        return False
    return True


def is_met(need: Need, body: str) -> bool:
    """Whether a text says what is needed, in one of the ways."""
    named = set(names_in(body))
    return any(named.issuperset(way) for way in need.ways)


def oddities(words: Words) -> list[str]:
    """What will be printed with its braces, just as it was typed."""
    return odd_in(f"{words.subject}\n{words.body}")


def _require_known(kind: Kind, written: str, field: str) -> None:
    unknown = next((name for name in names_in(written) if name not in kind.by_name), None)
    if unknown is not None:
        known = ", ".join(each.token for each in kind.placeholders)
        raise UnfitWords(
            _("There is no fact called “%(name)s” in this letter. There are: %(known)s.")
            % {"name": unknown, "known": known},
            field=field,
        )


def _require_blocks_alone(kind: Kind, words: Words) -> None:
    blocks = {each.name for each in kind.placeholders if each.is_block}
    for name in names_in(words.subject):
        if name in blocks:
            raise UnfitWords(
                _("“%(name)s” is more than a line, and cannot stand here.") % {"name": name}, field="subject"
            )
    for part in parts_of(words.body):
        for name in names_in(part):
            if name in blocks and not NAMED.fullmatch(part):
                raise UnfitWords(
                    _("“%(name)s” brings paragraphs of its own: put it between two blank lines.")
                    % {"name": name},
                    field="body",
                )


def _sentence(kind: Kind, need: Need) -> str:
    tokens = [_(" and ").join(kind.by_name[name].token for name in way) for way in need.ways]
    return _("This letter must say %(what)s (%(why)s): put in %(tokens)s.") % {
        "what": need.what,
        "why": need.why,
        "tokens": _(", or ").join(tokens),
    }
