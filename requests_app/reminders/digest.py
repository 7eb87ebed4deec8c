"""What the digest of one member of staff says: their own cases, nobody's, those for approval, and a lead's team's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.accounts.models import StaffMember
from requests_app.correspondence.links import case_link
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import CLOSED, OPEN, RequestState, Turn, states_on
from requests_app.reminders.kinds import ReminderKind
from requests_app.reminders.models import ReminderPlan
from requests_app.roles import Permission, Role

# A mail is read on a phone; the queue has the rest.
PER_SECTION = 40


@dataclass(frozen=True)
class Line:
    """One case in a mail: nothing of the person, only what it is, by when, and where to look."""

    reference: str
    right: str | Promise
    law: str
    due_on: date
    days_left: int | None
    notes: tuple[tuple[str | Promise, date], ...]
    url: str

    @property
    def days_late(self) -> int:
        """How many days the date has passed by."""
        return max(-(self.days_left or 0), 0)


@dataclass(frozen=True)
class Section:
    """Some cases under a heading, the most urgent first; `more` is how many the mail leaves to the queue."""

    title: str | Promise
    lines: tuple[Line, ...]
    more: int = 0


def sections_for(member: StaffMember, *, at: datetime) -> list[Section]:
    """Return what there is to know for a person this morning; empty when there is nothing."""
    found = []
    for title, cases in _piles(member):
        pile = cases.select_related("subject_request").order_by("subject_request__response_due_on", "pk")
        lines = tuple(line_of(each.subject_request, each.notes, at=at) for each in pile[:PER_SECTION])
        if lines:
            found.append(Section(title, lines, max(pile.count() - len(lines), 0)))
    return found


def line_of(subject_request: SubjectRequest, notes: list[list[str]], *, at: datetime) -> Line:
    """Return a case as a line of a mail."""
    law = jurisdiction(subject_request.regime)
    runs = subject_request.state_facts.clock_runs
    due_on = subject_request.response_due_on
    return Line(
        reference=subject_request.reference,
        right=right(subject_request.right).short_label,
        law=law.short_name.removeprefix("the "),
        due_on=due_on,
        days_left=(due_on - at.astimezone(law.zone).date()).days if runs else None,
        notes=tuple((ReminderKind(kind).label, date.fromisoformat(about)) for kind, about in notes),
        url=case_link(subject_request.reference),
    )


def _piles(member: StaffMember) -> Iterator[tuple[Promise, "QuerySet[ReminderPlan]"]]:
    """The heaps a person answers for; no case lies on two of them."""
    noted = ReminderPlan.objects.filter(has_notes=True)
    going_on = noted.filter(subject_request__state__in=OPEN)
    mine = Q(subject_request__assignee=member)
    for_approval = Q(subject_request__state__in=states_on(Turn.APPROVER))
    # Nobody but the person can do anything about these, and they close by themselves; who has one sees it.
    unconfirmed = Q(subject_request__state=RequestState.AWAITING_IDENTITY) & ~Q(
        notes__contains=[[ReminderKind.PROOF_GIVEN.value]]
    )
    yield _("Your cases"), going_on.filter(mine)
    if member.may(Permission.RELEASE):
        prepared = Q(subject_request__approved_by=member) | Q(subject_request__reviewed_by=member)
        yield _("For approval"), going_on.filter(for_approval).exclude(mine).exclude(prepared)
    if member.may(Permission.WORK_CASES):
        nobodys = Q(subject_request__assignee=None)
        yield _("Given to nobody"), going_on.filter(nobodys).exclude(for_approval).exclude(unconfirmed)
    if Role.PRIVACY_LEAD in member.roles:
        others = going_on.exclude(mine).exclude(subject_request__assignee=None).exclude(for_approval)
        yield _("The team's cases"), others.exclude(unconfirmed)
        yield _("Closed, and soon to be forgotten"), noted.filter(subject_request__state__in=CLOSED)
