"""Certificates as kinds of letter: one for each right that changes something, and for each way in which it ended.

Which of them is written follows from the receipts; nobody can give a partial one the title of a full one.
"""

from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_lazy as to_staff

from fulfillment.changes.models import ChangeKind
from requests_app.correspondence import facts as f
from requests_app.correspondence.samples import sample as notice_sample
from requests_app.letters.blocks import Block, Heading, paragraph, table
from requests_app.letters.kinds import Context, Kind, Shipped, Words, add_kind

GROUP = to_staff("Certificates")
_PROVES = to_staff("a certificate without its facts proves nothing")


class Extent(StrEnum):
    """How much of what was asked for was done."""

    FULL = "full"
    PARTLY = "partly"
    NOTHING = "nothing"
    NOT_DONE = "not_done"


FACTS = f.block(
    "facts", to_staff("What was done where, what stays and why, who was told"), lambda of: of.facts
)
NEEDS = (f.SAYS_REFERENCE, f.needed(to_staff("the facts"), _PROVES, ("facts",)))
PLACEHOLDERS = (f.REFERENCE, FACTS, f.WAYS, f.APPEAL_UNTIL, f.AUTHORITY)

# Certificate → what staff call it, its title in full and in part, and its first sentence in full and in part.
NAMED: dict[ChangeKind, tuple[Words, Words, Words, Words, Words]] = {
    ChangeKind.ERASE: (
        to_staff("Deletion"),
        lazy("Certificate of deletion"),
        lazy("Certificate of partial deletion"),
        lazy("We have deleted what you asked us to delete with your request {{ reference }}."),
        lazy("We have carried out your request {{ reference }} in part: some of your information stays."),
    ),
    ChangeKind.CORRECT: (
        to_staff("Correction"),
        lazy("Certificate of correction"),
        lazy("Certificate of partial correction"),
        lazy("We have corrected your information as you asked with your request {{ reference }}."),
        lazy("We have carried out your request {{ reference }} in part: not everything was corrected."),
    ),
    ChangeKind.RESTRICT: (
        to_staff("Restriction"),
        lazy("Certificate of restriction"),
        lazy("Certificate of partial restriction"),
        lazy("Since your request {{ reference }} we keep the information named here and do not use it."),
        lazy("We have carried out your request {{ reference }} in part: not everything is restricted."),
    ),
    ChangeKind.SUPPRESS: (
        to_staff("Objection, opt-out, withdrawn consent"),
        lazy("Certificate: we have stopped the use"),
        lazy("Certificate: we have stopped the use in part"),
        lazy("With your request {{ reference }} we have stopped using your information for what you named."),
        lazy("We have carried out your request {{ reference }} in part: not every use has stopped."),
    ),
}
_NOTHING_TITLE = lazy("What we looked for, and did not find")
_NOTHING = lazy("For your request {{ reference }} we looked in every system, and found nothing to change.")
_NOT_DONE_TITLE = lazy("What was not carried out")
_NOT_DONE = lazy("With your request {{ reference }} nothing was changed. What stays, and why, stands below.")
# That nothing was found only a deletion shows, which searches before it and after it.
_ONLY_OF_DELETIONS = frozenset({Extent.NOTHING})


def key_of(change: ChangeKind, extent: Extent) -> str:
    """The key of a kind of certificate."""
    return f"certificate_{change.value}_{extent.value}"


def add_certificates() -> None:
    """Make every kind of certificate known; called once, at start-up."""
    extents = {
        Extent.FULL: to_staff("in full"),
        Extent.PARTLY: to_staff("in part"),
        Extent.NOTHING: to_staff("nothing found"),
        Extent.NOT_DONE: to_staff("not carried out"),
    }
    for change, (name, full, partly, opening, opening_partly) in NAMED.items():
        shipped = {
            Extent.FULL: Shipped(f.titled(full), _body(opening)),
            Extent.PARTLY: Shipped(f.titled(partly), _body(opening_partly)),
            Extent.NOTHING: Shipped(f.titled(_NOTHING_TITLE), _body(_NOTHING)),
            Extent.NOT_DONE: Shipped(f.titled(_NOT_DONE_TITLE), _body(_NOT_DONE)),
        }
        for extent, words in shipped.items():
            if extent in _ONLY_OF_DELETIONS and change is not ChangeKind.ERASE:
                continue
            label = _label(name, extents[extent])
            add_kind(Kind(key_of(change, extent), label, GROUP, PLACEHOLDERS, NEEDS, sample, words))


def _label(name: Words, extent: Words) -> Words:
    return format_lazy("{}, {}", name, extent)


def _body(opening: Words) -> Words:
    return format_lazy("{}\n\n{}\n\n{}", opening, FACTS.token, f.WAYS.token)


def sample() -> Context:
    """A certificate of nobody."""
    facts: tuple[Block, ...] = (
        paragraph("48 records were deleted."),
        Heading("Deleted"),
        table("What was deleted", ("What", "System", "Records"), (("Orders", "Shop", "48"),)),
        Heading("Kept"),
        table(
            "What stays, why, and until when",
            ("What", "System", "Records", "Why it stays", "Until"),
            (("Invoices", "Accounting", "7", "Example Act, § 7", "31 December 2032"),),
        ),
    )
    return {**notice_sample(), "facts": facts}
