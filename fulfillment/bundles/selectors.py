"""Questions about bundles."""

from fulfillment.bundles.models import Bundle
from fulfillment.findings.models import Decision, Finding
from fulfillment.findings.portable import NOT_PORTABLE
from fulfillment.findings.release.numbers import ACCOUNT_NUMBERS
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import AnswerScope, Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState


def troubled_bundle(subject_request: SubjectRequest) -> Bundle | None:
    """The copy of a request that is being prepared, when an attempt at it has failed."""
    if subject_request.state != RequestState.PREPARING:
        return None
    newest = Bundle.objects.filter(subject_request=subject_request).order_by("-number").first()
    return newest if newest is not None and newest.last_error else None


def outcome_of(bundle: Bundle) -> Outcome:
    """Whether the copy holds everything: what was withheld, covered or not searched makes the grant a partial one."""
    withheld = Finding.objects.filter(task__run_id=bundle.run_id, decision=Decision.WITHHOLD, row_count__gt=0)
    # What was never asked for is not missing, and a number that is known by its end is told of.
    covered = any(
        part["reason"] not in (NOT_PORTABLE, ACCOUNT_NUMBERS)
        for each in bundle.shape
        for part in each["left"]
    )
    left_out = any(task.is_excluded for task in bundle.run.tasks.all())
    lesser = AnswerScope(bundle.subject_request.answer_scope)
    is_whole = lesser == right(bundle.subject_request.right).answer_scope
    return (
        Outcome.GRANTED
        if is_whole and not withheld.exists() and not covered and not left_out
        else Outcome.PARTLY
    )
