"""The facts that words of ours may name, each read from what a notice is composed with."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_lazy as to_staff

from requests_app.letters.blocks import Block, bullets, paragraph
from requests_app.letters.compose import day_in, days_in
from requests_app.letters.kinds import Context, Need, Placeholder, Words
from requests_app.letters.text import blocks_of

Read = Callable[[Any], Any]


def fact(name: str, label: Words, read: Read) -> Placeholder:
    """A fact of a few words; nothing where there is none."""
    return Placeholder(name, label, lambda context: str(read(_Of(context)) or ""))


def day(name: str, label: Words, read: Read) -> Placeholder:
    """A day in full."""
    return Placeholder(
        name,
        label,
        lambda context: day_in(read(_Of(context))),
        variants=lambda context: days_in(read(_Of(context))),
    )


def block(name: str, label: Words, read: Callable[[Any], Iterable[Block]]) -> Placeholder:
    """Paragraphs or lists of ours."""
    return Placeholder(name, label, lambda context: tuple(read(_Of(context))), is_block=True)


class _Of:
    """A context whose values are read by name; what a notice has not is nothing."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __getattr__(self, name: str) -> object:
        return self._context.get(name)


def _ways(of: Any) -> list[Block]:
    ways = of.ending.ways
    return [paragraph(_("If you do not agree:")), bullets(way.text for way in ways)] if ways else []


def _ways_where_contested(of: Any) -> list[Block]:
    return _ways(of) if of.ending.is_contested_here else []


def _in_our_words(words: object) -> list[Block]:
    return [paragraph(_("In our own words:")), *blocks_of(str(words))] if words else []


def _parts(of: Any) -> list[Block]:
    said = [
        f"{part.label}: {part.decision}"
        + (f" {part.ground} ({part.cite})" if part.ground else "")
        + (f" {part.words}" if part.words else "")
        for part in of.ending.parts
    ]
    return [bullets(said)] if said else []


def _article(of: Any) -> str:
    ending = of.ending
    return ", ".join(filter(None, (ending.law, ending.cite))) if ending.ground else ""


REFERENCE = fact("reference", to_staff("The reference of the request"), lambda of: of.reference)
PAGE_LINK = fact("page_link", to_staff("The address of the person's page"), lambda of: of.portal_url)
REPLY_BY = day("reply_by", to_staff("The day by which we answer"), lambda of: of.due_on)
OUR_WORDS = block(
    "our_words", to_staff("What the case worker wrote"), lambda of: _in_our_words(of.ending.words)
)
REASON_WORDS = block("our_words", to_staff("What the case worker wrote"), lambda of: _in_our_words(of.reason))
WAYS = block("ways", to_staff("How to appeal, to whom to complain, the court"), _ways)
WAYS_WHERE_CONTESTED = block(
    "ways",
    to_staff("How to appeal, to whom to complain, the court; where not all was granted"),
    _ways_where_contested,
)
APPEAL_UNTIL = day("appeal_until", to_staff("The last day for an appeal"), lambda of: of.ending.appeal_until)
AUTHORITY = fact("authority", to_staff("The authority that supervises us"), lambda of: of.ending.regulator)
PARTS = block("parts", to_staff("What was decided of each part"), _parts)
ANSWER = fact("answer", to_staff("What came of the request, in a sentence"), lambda of: of.ending.answer)
GROUND = fact("ground", to_staff("The reason, in the words of the law"), lambda of: of.ending.ground)
ARTICLE = fact("article", to_staff("Where the law says so"), _article)
CODE = fact("code", to_staff("The code"), lambda of: of.code)

_FAIR = to_staff("a person who writes to us needs it")
_TIMELY = to_staff("Article 12(3) GDPR and its like: within a month the person knows by when")
_CONTEST = to_staff("Article 12(4) GDPR and its like: the reasons, and how to contest them")

SAYS_REFERENCE = Need(to_staff("the reference"), (("reference",),), _FAIR)
SAYS_REPLY_BY = Need(to_staff("the day of our answer"), (("reply_by",),), _TIMELY)
SAYS_WAYS = Need(to_staff("how to contest the answer"), (("ways",), ("appeal_until", "authority")), _CONTEST)
SAYS_PAGE = Need(
    to_staff("where the person reads more"),
    (("page_link",),),
    to_staff("the mail holds no more than that"),
)


def needed(what: Words, why: Words, *ways: tuple[str, ...]) -> Need:
    """One more thing that a letter must say."""
    return Need(what, ways, why)


def titled(title: Words) -> Words:
    """A title with the reference of the request behind it."""
    return format_lazy(lazy("{title}, {reference}"), title=title, reference=REFERENCE.token)
