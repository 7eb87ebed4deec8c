"""What was decided of each part of a request, in words: a field, a purpose, a reviewed decision."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import MARKETING, Correction, Objection
from requests_app.lifecycle.states import RequestState
from requests_app.lifecycle.weighed import THE_DECISION, Verdict, Weighed
from requests_app.policy.company import COMPANY

# Before these the decisions are a draft, which the person does not see.
UNDECIDED = frozenset(
    {
        RequestState.RECEIVED,
        RequestState.AWAITING_IDENTITY,
        RequestState.IN_REVIEW,
        RequestState.AWAITING_ANSWER,
        RequestState.WEIGHING,
        RequestState.WITHDRAWN,
        RequestState.LAPSED,
        RequestState.FORWARDED,
        RequestState.DUPLICATE,
    }
)


@dataclass(frozen=True)
class Part:
    """One part and what became of it. `words` are for the person; both sides are for the staff alone."""

    label: str
    decision: str
    is_granted: bool
    words: str = ""
    ground: str = ""
    cite: str = ""
    was: str = ""
    becomes: str = ""
    our_side: str = ""
    their_side: str = ""


def parts_of(subject_request: SubjectRequest) -> list[Part]:
    """Return what is decided so far, in the person's order."""
    if subject_request.right == "correction":
        return list(_fields(subject_request))
    return list(_weighed(subject_request))


def told_parts(subject_request: SubjectRequest) -> list[Part]:
    """Return what the person is told of each part, once the whole is decided."""
    return [] if subject_request.state in UNDECIDED else parts_of(subject_request)


def _fields(subject_request: SubjectRequest) -> Iterator[Part]:
    for each in Correction.of(subject_request).fields:
        if each.decision:
            granted = each.decision == "accept"
            ground, cite = _ground(subject_request, each.ground)
            yield Part(
                label=each.field,
                decision=_done_or_to_do(subject_request, _("Corrected"), _("Will be corrected"))
                if granted
                else _("Left as it is"),
                is_granted=granted,
                words=each.note,
                ground=ground,
                cite=cite,
                was=each.wrong,
                becomes=each.right,
            )


def _weighed(subject_request: SubjectRequest) -> Iterator[Part]:
    rows = {row.item: row for row in subject_request.weighed.all()}
    if subject_request.right == "objection":
        for purpose in Objection.of(subject_request).purposes:
            label = _(COMPANY.purpose(purpose).label)
            if purpose == MARKETING:
                words = _("An objection to marketing always stops it, at once.")
                yield Part(label=label, decision=_stops(subject_request), is_granted=True, words=words)
            elif row := rows.get(purpose):
                yield _balance(subject_request, row, label, _stops(subject_request), _("Goes on"))
    elif row := rows.get(THE_DECISION):
        changes = _done_or_to_do(subject_request, _("Changed"), _("Will be changed"))
        yield _balance(subject_request, row, _("The decision"), changes, _("Stands"))


def _stops(subject_request: SubjectRequest) -> str:
    return _done_or_to_do(subject_request, _("Stopped"), _("Will be stopped"))


def _done_or_to_do(subject_request: SubjectRequest, done: str, to_do: str) -> str:
    """A grant is done only once every source has done its part."""
    return done if subject_request.state == RequestState.COMPLETED else to_do


def _balance(subject_request: SubjectRequest, row: Weighed, label: str, won: str, lost: str) -> Part:
    granted = row.verdict == Verdict.FOR_PERSON
    ground, cite = _ground(subject_request, row.ground)
    return Part(
        label=label,
        decision=won if granted else lost,
        is_granted=granted,
        words=row.conclusion,
        ground=ground,
        cite=cite,
        becomes=row.change,
        our_side=row.our_side,
        their_side=row.their_side,
    )


def _ground(subject_request: SubjectRequest, code: str) -> tuple[str, str]:
    """The law's words and place for a ground; a code that the law has since lost stands for itself."""
    if not code:
        return "", ""
    found = (each for each in jurisdiction(subject_request.regime).refusals if each.code == code)
    known = next(found, None)
    return (_(known.words) if known.words else "", known.cite) if known else (code, "")
