"""Propose a decision that the company's policy has a second person make."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.errors import NothingToPropose
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.check import checked
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, require_unchanged
from requests_app.lifecycle.second_person import ProposedDecision, needs_second_person


def propose_decision(
    *,
    subject_request_id: UUID,
    move: Move,
    reason: str,
    given: Mapping[str, object],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> ProposedDecision:
    """Write down what a member of staff would decide, for another to read and make; nothing is decided by it.

    Raises NothingToPropose where one person decides alone, and what the move itself would raise.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        require_unchanged(subject_request, expected_version)
        attempt = Attempt(subject_request, by, at, given)
        checked(attempt, move, reason=reason, proposing=True)
        if not needs_second_person(attempt, move):
            raise NothingToPropose("This needs no second person: decide it yourself.")
        proposed = ProposedDecision.objects.create(
            subject_request_id=subject_request.pk,
            move=move,
            given={name: str(value) for name, value in given.items()},
            words=reason.strip(),
            proposed_by_id=UUID(by.key),
            proposed_at=at,
        )
        record(event="decision.proposed", target=subject_request, by=by, at=at, facts={"move": move.value})
        return proposed
