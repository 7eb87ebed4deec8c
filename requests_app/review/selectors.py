"""The views of the queue: which requests each holds, how many, and in which order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.accounts.models import StaffMember
from requests_app.identity.models import ProofState, Verification
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
    holds: Callable[[StaffMember, date], Q]
    is_alarm: bool = False


def needs(member: StaffMember, today: date) -> Q:
    """Say which requests this person can move on now: theirs or nobody's, and what others prepared."""
    found = Q(pk=None)
    mine_or_free = Q(assignee=member) | Q(assignee=None)
    if member.may(Permission.WORK_CASES):
        given = Verification.objects.filter(state=ProofState.GIVEN).values("subject_request_id")
        has_proof = Q(state=RequestState.AWAITING_IDENTITY, pk__in=given)
        can_be_lifted = Q(state=RequestState.LIFTING_ANNOUNCED, waits_until__date__lte=today)
        found |= (Q(state__in=WORKED_BY_STAFF) | has_proof | can_be_lifted) & mine_or_free
    if member.may(Permission.RELEASE):
        prepared = Q(approved_by=member) | Q(reviewed_by=member)
        found |= Q(state__in=states_on(Turn.APPROVER)) & ~prepared
    if member.may(Permission.ASSIGN) and not member.may(Permission.WORK_CASES):
        found |= Q(state__in=OPEN, assignee=None)
    return found


VIEWS: tuple[QueueView, ...] = (
    QueueView("mine", _("Needs me now"), needs),
    QueueView("unassigned", _("Unassigned"), lambda _member, _today: Q(state__in=OPEN, assignee=None)),
    QueueView(
        "person", _("Waiting on the person"), lambda _member, _today: Q(state__in=states_on(Turn.PERSON))
    ),
    QueueView(
        "sources", _("Waiting on sources"), lambda _member, _today: Q(state__in=states_on(Turn.SOURCES))
    ),
    QueueView("approval", _("For approval"), lambda _member, _today: Q(state__in=states_on(Turn.APPROVER))),
    QueueView(
        "overdue",
        _("Overdue"),
        lambda _member, today: Q(state__in=CLOCK_RUNS, response_due_on__lt=today),
        is_alarm=True,
    ),
    QueueView("all", _("All"), lambda _member, _today: Q()),
)
BY_KEY = {view.key: view for view in VIEWS}


def queue_in(view: QueueView, member: StaffMember, *, today: date) -> QuerySet[SubjectRequest]:
    """Return the requests of a view, the earliest legal date first, closed ones after all open ones."""
    closed_last = Case(When(state__in=CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField())
    held: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(view.holds(member, today))
    return held.select_related("assignee", "submission").order_by(closed_last, "response_due_on", "id")


def counts(member: StaffMember, *, today: date) -> dict[str, int]:
    """Return how many requests each view holds, in one question to the database."""
    wanted = {view.key: Count("pk", filter=view.holds(member, today)) for view in VIEWS if view.key != "all"}
    counted: dict[str, int] = SubjectRequest.objects.aggregate(all=Count("pk"), **wanted)
    return counted


def next_due(*, today: date) -> SubjectRequest | None:
    """Return the open request whose legal date comes next, to name it when the queue is empty."""
    waiting: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(
        state__in=CLOCK_RUNS, response_due_on__gte=today
    )
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
