"""What of a review is still owed to other people: records to be looked through, suggestions without an answer."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.models import Finding
from fulfillment.findings.portable import is_outside
from fulfillment.findings.selectors import MappedFinding, findings_of
from fulfillment.findings.suggestions.models import Answer, Suggestion, SuggestionScan
from requests_app.leases.models import WorkState
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import AnswerScope, SubjectRequest
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState

NAMED = 3
NOT_BEGUN = "It was not begun."


@dataclass(frozen=True)
class Owed:
    """One collection of the copy that is not done with: how far the looking is, and how much waits."""

    mapped: MappedFinding
    open: int
    is_running: bool
    percent: int
    trouble: str

    @property
    def label(self) -> str:
        """Source and collection, in words."""
        return f"{self.mapped.finding.task.source.label}, {self.mapped.collection.label}"


def is_copied(subject_request: SubjectRequest) -> bool:
    """Whether the answer is a copy of records, which somebody will read."""
    is_copy = right(subject_request.right).operation is Operation.COLLECT
    return is_copy and subject_request.answer_scope == AnswerScope.FULL


def owed_to_others(subject_request: SubjectRequest) -> list[Owed]:
    """The collections that go into the copy and where something is still to be done, in their order."""
    mapped = that_go_out(subject_request)
    keys = [each.finding.pk for each in mapped]
    scans = {each.finding_id: each for each in SuggestionScan.objects.filter(finding__in=keys)}
    counted = Suggestion.objects.filter(finding__in=keys, state=Answer.OPEN).order_by("finding")
    waiting = {
        each["finding"]: each["count"] for each in counted.values("finding").annotate(count=Count("pk"))
    }
    found = (_owed(each, scans.get(each.finding.pk), waiting.get(each.finding.pk, 0)) for each in mapped)
    return [each for each in found if each.is_running or each.trouble or each.open]


def kinds_that_wait(subject_request: SubjectRequest) -> list[tuple[UUID, Kind]]:
    """Which kinds wait for an answer in which findings of the copy."""
    keys = [each.finding.pk for each in that_go_out(subject_request)]
    waiting = Suggestion.objects.filter(finding__in=keys, state=Answer.OPEN)
    pairs = waiting.order_by("finding", "kind").values_list("finding", "kind").distinct()
    return [(finding, Kind(kind)) for finding, kind in pairs]


def others_were_looked_for(attempt: Attempt) -> str | None:
    """Nobody's data goes out unseen: every record is looked through, and every suggestion answered, first."""
    subject_request = attempt.subject_request
    if subject_request.state != RequestState.CHECKING:
        return None
    owed = owed_to_others(subject_request)
    for each in owed:
        if each.trouble:
            return (
                f"{each.label}, could not be looked through for other people: {each.trouble} Have it looked through "
                "again, or say that you did it yourself."
            )
    running = [each for each in owed if each.is_running]
    if running:
        return f"Other people are still being looked for: {_named(running, percent=True)}. Wait until that is done."
    count = sum(each.open for each in owed)
    if count:
        waits = "1 suggestion waits" if count == 1 else f"{count} suggestions wait"
        return f"{waits} for an answer: {_named(owed)}. Cover or leave what they show, one by one or all at once."
    return None


def that_go_out(subject_request: SubjectRequest) -> list[MappedFinding]:
    """What somebody will read of the findings; nothing where the answer is no copy."""
    if not is_copied(subject_request):
        return []
    return [
        each
        for part in findings_of(subject_request)
        for each in part.findings
        if each.finding.row_count
        and not each.finding.is_withheld
        and not is_outside(each.collection, subject_request)
    ]


def _owed(mapped: MappedFinding, scan: SuggestionScan | None, waiting: int) -> Owed:
    if scan is None:
        return Owed(mapped, waiting, False, 0, NOT_BEGUN)
    trouble = scan.last_error or "It was stopped."
    return Owed(
        mapped,
        waiting,
        is_running=scan.is_waiting,
        percent=percent_of(scan, mapped.finding),
        trouble="" if scan.is_waiting or scan.is_over else trouble,
    )


def percent_of(scan: SuggestionScan, finding: Finding) -> int:
    """How far a scan is."""
    done = scan.work_state == WorkState.DONE
    return 100 if done else 100 * scan.rows_seen // max(finding.row_count, 1)


def _named(owed: list[Owed], *, percent: bool = False) -> str:
    said = [f"{each.label} ({each.percent} %)" if percent else f"{each.label} ({each.open})" for each in owed]
    more = len(said) - NAMED
    return "; ".join(said[:NAMED]) + (f"; and {more} more" if more > 0 else "")
