"""The views of the queue: which requests each holds, how many, and in which order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.accounts.models import StaffMember
from requests_app.identity.models import ProofState, Verification
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import CLOCK_RUNS, CLOSED, OPEN, RequestState, Turn, states_on
from requests_app.roles import Permission

# Background work takes the rest of our turn; a person has nothing to do in those states.
WORKED_BY_STAFF = frozenset(
    {RequestState.IN_REVIEW, RequestState.CHECKING, RequestState.WEIGHING, RequestState.CONFIRMING}
)


@dataclass(frozen=True)
class QueueView:
    """One tab above the queue."""

    key: str
    label: str | Promise
    holds: Callable[[StaffMember, datetime], Q]
    is_alarm: bool = False


def is_overdue(at: datetime) -> Q:
    """Say which requests should have been answered before today, each by the calendar of its own law."""
    laws_by_day: dict[date, list[str]] = {}
    for key in regimes():
        today = at.astimezone(jurisdiction(key).zone).date()
        laws_by_day.setdefault(today, []).append(key)
    found = Q(pk=None)
    for day, laws in laws_by_day.items():
        found |= Q(regime__in=laws, response_due_on__lt=day)
    return found


def needs(member: StaffMember, at: datetime) -> Q:
    """Say which requests this person can move on now: theirs or nobody's, and what others prepared."""
    found = Q(pk=None)
    mine_or_free = Q(assignee=member) | Q(assignee=None)
    if member.may(Permission.WORK_CASES):
        given = Verification.objects.filter(state=ProofState.GIVEN).values("subject_request_id")
        has_proof = Q(state=RequestState.AWAITING_IDENTITY, pk__in=given)
        can_be_lifted = Q(state=RequestState.LIFTING_ANNOUNCED, waits_until__lte=at)
        found |= (Q(state__in=WORKED_BY_STAFF) | has_proof | can_be_lifted) & mine_or_free
    if member.may(Permission.RELEASE):
        prepared = Q(approved_by=member) | Q(reviewed_by=member)
        found |= Q(state__in=states_on(Turn.APPROVER)) & ~prepared
    if member.may(Permission.ASSIGN) and not member.may(Permission.WORK_CASES):
        found |= Q(state__in=OPEN, assignee=None)
    return found


VIEWS: tuple[QueueView, ...] = (
    QueueView("mine", _("Needs me now"), needs),
    QueueView("unassigned", _("Unassigned"), lambda _member, _at: Q(state__in=OPEN, assignee=None)),
    QueueView("person", _("Waiting on the person"), lambda _member, _at: Q(state__in=states_on(Turn.PERSON))),
    QueueView("sources", _("Waiting on sources"), lambda _member, _at: Q(state__in=states_on(Turn.SOURCES))),
    QueueView("approval", _("For approval"), lambda _member, _at: Q(state__in=states_on(Turn.APPROVER))),
    QueueView(
        "overdue",
        _("Overdue"),
        lambda _member, at: Q(state__in=CLOCK_RUNS) & is_overdue(at),
        is_alarm=True,
    ),
    QueueView("all", _("All"), lambda _member, _at: Q()),
)
BY_KEY = {view.key: view for view in VIEWS}


def queue_in(view: QueueView, member: StaffMember, *, at: datetime) -> QuerySet[SubjectRequest]:
    """Return the requests of a view, the earliest legal date first, closed ones after all open ones."""
    closed_last = Case(When(state__in=CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField())
    held: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(view.holds(member, at))
    return held.select_related("assignee", "submission").order_by(closed_last, "response_due_on", "id")


def counts(member: StaffMember, *, at: datetime) -> dict[str, int]:
    """Return how many requests each view holds, in one question to the database."""
    wanted = {view.key: Count("pk", filter=view.holds(member, at)) for view in VIEWS if view.key != "all"}
    counted: dict[str, int] = SubjectRequest.objects.aggregate(all=Count("pk"), **wanted)
    return counted


def next_due(*, at: datetime) -> SubjectRequest | None:
    """Return the open request whose legal date comes next, to name it when the queue is empty."""
    running: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(state__in=CLOCK_RUNS)
    waiting = running.exclude(is_overdue(at))
    return waiting.order_by("response_due_on", "id").first()


def staff_who_work() -> Iterable[StaffMember]:
    """Return everyone to whom a request can be given."""
    active = StaffMember.objects.filter(is_active=True).prefetch_related("groups").order_by("display_name")
    return [
        member for member in active if member.may(Permission.WORK_CASES) or member.may(Permission.RELEASE)
    ]


def regimes_in_use() -> list[str]:
    """Return the codes of the laws that any request is under."""
    return list(SubjectRequest.objects.order_by("regime").values_list("regime", flat=True).distinct())
