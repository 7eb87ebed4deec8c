"""Forget one request at one stage, in one transaction: the person goes, the figures and the audit stay."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest, Submission
from requests_app.retention.base import Stage, kinds
from requests_app.retention.due import due_now
from requests_app.signals import request_purged

SYSTEM = Actor.system("retention")
# The record takes what was found along, where a hold or a law had kept it until then.
_TAKES = {Stage.FINDINGS: (Stage.FINDINGS,), Stage.RECORD: (Stage.FINDINGS, Stage.RECORD)}


def purge_request(
    subject_request_id: UUID, stage: Stage, *, at: datetime, by: Actor = SYSTEM
) -> dict[str, int] | None:
    """Forget what has come to its day. Returns how many things of each kind, None where nothing is to go (any more).

    Keys of files go with the transaction and the files right after it, so that nothing is readable in between; whoever
    dies there leaves their names to the next run. Safe to repeat and side by side: what another one holds is left.
    """
    with transaction.atomic():
        subject_request = _locked(subject_request_id)
        due = due_now(subject_request, stage, at=at) if subject_request else None
        if subject_request is None or due is None or due.held:
            return None
        went_before = Stage.FINDINGS if subject_request.findings_purged_at else None
        counts = {}
        for key, kind in kinds():
            if kind.stage not in _TAKES[stage]:
                continue
            count = kind.forget(subject_request, at=at)
            # What was found was counted when it went, though its rows stay as figures.
            if count and kind.stage is not went_before:
                counts[key] = count
        _stamp(subject_request, stage, counts, by=by, at=at)
    return counts


def _locked(subject_request_id: UUID) -> SubjectRequest | None:
    """The row, unless somebody else holds it; what came in with it first, which its siblings share."""
    Submission.objects.select_for_update().filter(subject_requests=subject_request_id).first()
    free = SubjectRequest.objects.select_for_update(skip_locked=True)
    found: SubjectRequest | None = free.filter(pk=subject_request_id).first()
    return found


def _stamp(
    subject_request: SubjectRequest, stage: Stage, counts: dict[str, int], *, by: Actor, at: datetime
) -> None:
    row = SubjectRequest.objects.filter(pk=subject_request.pk)
    things = sum(counts.values())
    if stage is Stage.FINDINGS:
        row.update(findings_purged_at=at)
        if things:
            facts = {"things": things, "kinds": counts}
            record(event="request.findings_purged", target=subject_request, by=by, at=at, facts=facts)
        return
    row.update(findings_purged_at=subject_request.findings_purged_at or at, purged_at=at)
    facts = {"things": things, "kinds": counts}
    record(event="request.purged", target=subject_request, by=by, at=at, facts=facts)
    request_purged.send(SubjectRequest, subject_request_id=subject_request.pk, at=at)
