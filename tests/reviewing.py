"""A review done as staff do it: everything is looked through, every suggestion answered, then it is finished."""

from datetime import datetime

from fulfillment.findings.decisions.models import LeftBecause
from fulfillment.findings.suggestions.answer import leave_everything
from fulfillment.findings.suggestions.duty import kinds_that_wait, owed_to_others
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.suggestions.scan import scan_finding
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.factories import NOON, rosa
from tests.waiting import wait_until


def look_for_others(asked: SubjectRequest, *, at: datetime = NOON) -> None:
    """Every scan of the request is done, here or by a worker that holds it."""
    mine = SuggestionScan.objects.filter(finding__task__run__subject_request=asked)

    def all_done() -> bool:
        for scan in mine.filter(work_state=WorkState.WAITING):
            while scan_finding(scan_id=scan.pk, at=at):
                pass
        return not mine.filter(work_state=WorkState.WAITING).exists()

    wait_until(all_done)


def finish_review(asked: SubjectRequest, *, by: Actor | None = None, at: datetime = NOON) -> SubjectRequest:
    """The review ends; what was suggested goes out as it stands."""
    by = by or Actor.staff(rosa())
    if owed_to_others(asked):
        look_for_others(asked, at=at)
    if kinds_that_wait(asked):
        leave_everything(subject_request_id=asked.pk, because=LeftBecause.KNOWN, by=by, at=at)
    return perform(subject_request_id=asked.pk, move=Move.FINISH_REVIEW, by=by, at=at)
