"""Keep, in the dry run of a deletion, what the data map says a law makes us keep; staff may decide otherwise."""

from datetime import datetime

from fulfillment.findings.models import Decision
from fulfillment.findings.selectors import findings_of
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.models import SubjectRequest

# A duty to keep, as the laws call it, the plainest first.
DUTIES = (
    "legal_obligation",
    "legal_duty_to_keep",
    "legal_retention",
    "retention_ground",
    "legal_obligation_or_claims",
    "exception_deletion",
    "law_prohibits",
    "law_requires_denial",
    "law_requires_collection",
    "other_law",
    "conflict_with_law",
    "exemption",
)


def duty_to_keep(subject_request: SubjectRequest) -> str:
    """The code of the ground on which the law of a case lets us keep what another law wants kept; empty without one."""
    law = jurisdiction(subject_request.regime)
    known = {each.code for each in law.refusals_for(right_code(subject_request.right))}
    return next((code for code in DUTIES if code in known), "")


def keep_what_must_stay(*, subject_request: SubjectRequest, by: Actor, at: datetime) -> int:
    """Withhold every collection whose map says so, with the law's ground. Returns how many.

    Where the law of the case names no such ground nothing is decided here: the dry run says so, and a person decides.
    """
    ground = duty_to_keep(subject_request)
    kept = 0
    for part in findings_of(subject_request):
        for each in part.findings:
            retention = each.collection.retention
            if not (ground and retention and retention.keep and each.finding.row_count):
                continue
            each.finding.decision, each.finding.reason_code = Decision.WITHHOLD, ground
            each.finding.reason_note, each.finding.decided_at = retention.rule[:500], at
            each.finding.save(update_fields=["decision", "reason_code", "reason_note", "decided_at"])
            facts = {"source": part.task.source.key, "collection": each.finding.collection, "reason": ground}
            record(event="finding.withheld", target=subject_request, by=by, at=at, facts=facts)
            kept += 1
    return kept
