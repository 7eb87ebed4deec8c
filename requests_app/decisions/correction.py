"""Decide a correction field by field, then carry out what was accepted or refuse the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.errors import NotBeingWeighed, WordsMissing
from requests_app.decisions.weighing import (
    joined_reasons,
    keep,
    locked_for_weighing,
    require_ground,
)
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import Correction, FieldToCorrect, checked_particulars
from requests_app.lifecycle.perform import perform

ACCEPT, REJECT = "accept", "reject"


@dataclass(frozen=True)
class FieldDecision:
    """What becomes of one field: `number` counts from 1 in the person's order; a rejection has ground and note."""

    number: int
    decision: str
    ground: str = ""
    note: str = ""


def name_fields(
    *,
    subject_request_id: UUID,
    fields: Sequence[FieldToCorrect],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Write down which fields the person means, where the request came in plain words. Raises WordsMissing."""
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        if Correction.of(subject_request).fields:
            raise NotBeingWeighed("The fields of this request are named already.")
        if not fields:
            raise WordsMissing("Name at least one field, and what is right.")
        named = Correction(fields=tuple(fields)).stored()
        subject_request.particulars = checked_particulars("correction", named)
        facts = {"number": len(fields)}
        record(event="correction.fields_named", target=subject_request, by=by, at=at, facts=facts)
        return keep(subject_request, "particulars")


def decide_field(
    *,
    subject_request_id: UUID,
    decided: FieldDecision,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Accept or reject one field. Raises WordsMissing, NotBeingWeighed, CaseChangedMeanwhile."""
    return decide_fields(
        subject_request_id=subject_request_id,
        decisions=[decided],
        by=by,
        at=at,
        expected_version=expected_version,
    )


def decide_fields(
    *,
    subject_request_id: UUID,
    decisions: Sequence[FieldDecision],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Accept or reject some fields at once; each change of mind is recorded. Raises as `decide_field`."""
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        fields = list(Correction.of(subject_request).fields)
        for each in decisions:
            before = _field(fields, each.number)
            after = _decided(subject_request, before, each)
            if after == before:
                continue
            fields[each.number - 1] = after
            facts = {"number": each.number, "decision": each.decision}
            record(event="correction.field_decided", target=subject_request, by=by, at=at, facts=facts)
        subject_request.particulars = Correction(fields=tuple(fields)).stored()
        return keep(subject_request, "particulars")


def grant_correction(
    *, subject_request_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> SubjectRequest:
    """Carry out what was accepted, or refuse when every field is rejected, on the ground of the first.

    Raises MoveNotAllowed while a field is undecided.
    """
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        fields = Correction.of(subject_request).fields
        rejected = [each for each in fields if each.decision == REJECT]
        is_refused = bool(fields) and len(rejected) == len(fields)
        return perform(
            subject_request_id=subject_request_id,
            move=Move.REFUSE if is_refused else Move.GRANT,
            by=by,
            at=at,
            reason=joined_reasons([(each.field, each.note) for each in rejected]),
            expected_version=expected_version,
            given={"code": rejected[0].ground} if is_refused else None,
        )


def _field(fields: Sequence[FieldToCorrect], number: int) -> FieldToCorrect:
    if not 1 <= number <= len(fields):
        raise WordsMissing("This request has no field with that number.")
    return fields[number - 1]


def _decided(
    subject_request: SubjectRequest, before: FieldToCorrect, decided: FieldDecision
) -> FieldToCorrect:
    if decided.decision not in (ACCEPT, REJECT):
        raise WordsMissing("Accept or reject the field.")
    note = decided.note.strip()
    if decided.decision == ACCEPT:
        return before.model_copy(update={"decision": ACCEPT, "ground": "", "note": note})
    require_ground(subject_request, decided.ground, about=f"Field {decided.number}")
    if not note:
        raise WordsMissing(f"Field {decided.number}: say why, in a sentence. The person reads it.")
    return before.model_copy(update={"decision": REJECT, "ground": decided.ground, "note": note})
