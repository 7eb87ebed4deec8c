"""Approve a deletion: a second person's act, with the reference typed by hand; the waiting period begins."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.decisions.errors import ReferenceMistyped
from requests_app.decisions.waiting import waiting_period_of
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform
from requests_app.lifecycle.references import read_reference


def approve_deletion(
    *,
    subject_request_id: UUID,
    typed_reference: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Let a deletion begin once its waiting period is over. The legal date stays where it is.

    Raises ReferenceMistyped and what `perform` raises: the same person may not have prepared it.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if not _is_typed(typed_reference, subject_request):
            raise ReferenceMistyped("Type the reference of this request, so that no other one is meant.")
        period = waiting_period_of(subject_request, at=at)
        return perform(
            subject_request_id=subject_request_id,
            move=Move.APPROVE_DELETION,
            by=by,
            at=at,
            expected_version=expected_version,
            given={"waits_until": period.until},
        )


def _is_typed(typed: str, subject_request: SubjectRequest) -> bool:
    try:
        return read_reference(typed) == subject_request.reference
    except UnknownReference:
        return False
