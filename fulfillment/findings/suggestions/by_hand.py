"""When the looking for other people broke off: have it done again, or say that somebody did it by hand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from fulfillment.findings.decisions.decide import under_review
from fulfillment.findings.models import Finding
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.suggestions.scan import start_again
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput

# sender: SuggestionScan; scan_ids: scans that wait for a worker
scans_wait = Signal()


def look_again(*, finding_id: UUID, by: Actor) -> list[UUID]:
    """Have a collection looked through anew; answers stay. Raises ReviewIsOver, NotPermitted."""
    with transaction.atomic():
        _finding, subject_request = under_review(finding_id, by)
        waiting = start_again(subject_request, finding_id=finding_id)
        scans_wait.send(SuggestionScan, scan_ids=waiting)
    return waiting


def looked_through_by_hand(*, finding_id: UUID, by: Actor, at: datetime) -> Finding:
    """Somebody read every record themselves, as the scan of it was given up; the log keeps that they say so.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """
    with transaction.atomic():
        finding, subject_request = under_review(finding_id, by)
        scan = SuggestionScan.objects.select_for_update().filter(finding_id=finding_id).first()
        if scan is None or scan.is_waiting or scan.is_over:
            raise BadInput("Only where the looking broke off is there something to be said.")
        SuggestionScan.objects.filter(pk=scan.pk).update(waived_at=at, waived_by_id=UUID(by.key))
        facts = {"source": finding.task.source.key, "collection": finding.collection}
        record(event="finding.read_by_hand", target=subject_request, by=by, at=at, facts=facts)
    return finding
