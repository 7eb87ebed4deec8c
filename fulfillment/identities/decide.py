"""A person's word on an identity: it is theirs, or it is not; asked while the request may still be searched."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from fulfillment.identities.errors import IdentityFixed, UnknownIdentity
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.states import IdentityState
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.proven import identity_is_proven
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of

# sender: KnownIdentity; subject_request, at: somebody accepted or refused what a person may be known by
identity_decided = Signal()

# Later an order to a source, or an answer, rests on who was meant.
OPEN_IN = frozenset(
    {
        RequestState.IN_REVIEW,
        RequestState.AWAITING_ANSWER,
        RequestState.FULFILLING,
        RequestState.CHECKING,
        RequestState.WEIGHING,
    }
)


def accept_identity(
    *, identity_id: UUID, evidence: str, is_shared: bool = False, by: Actor, at: datetime
) -> KnownIdentity:
    """Let sources be asked by it, or only sweeps where others share it.

    Raises NotPermitted, IdentityFixed, BadInput.
    """
    if not evidence.strip():
        raise BadInput("Say by what you know that it is theirs.")
    with transaction.atomic():
        row = _open(identity_id, by)
        unproven = identity_is_proven(Attempt(row.subject_request, by))
        if unproven is not None:
            raise IdentityFixed(unproven)
        row.is_shared = is_shared
        return _decided(row, IdentityState.ACCEPTED, evidence, by=by, at=at)


def refuse_identity(*, identity_id: UUID, evidence: str, by: Actor, at: datetime) -> KnownIdentity:
    """Nothing is asked by it from now on. Raises NotPermitted, IdentityFixed, BadInput."""
    if not evidence.strip():
        raise BadInput("Say why it is not theirs, or not used.")
    with transaction.atomic():
        row = _open(identity_id, by)
        if row.is_accepted and row.subject_request.state == RequestState.WEIGHING:
            raise IdentityFixed(
                "Sources were told by it already to restrict what is disputed; it stays until the end."
            )
        return _decided(row, IdentityState.REFUSED, evidence, by=by, at=at)


def require_open(subject_request_id: UUID, by: Actor) -> SubjectRequest:
    """The request, locked, where whom it means may be decided. Raises NotPermitted, IdentityFixed."""
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    subject_request = locked(subject_request_id)
    if subject_request.state not in OPEN_IN:
        raise IdentityFixed(
            "Whom the request means is settled at this point. Send it back to review to change it, where that is "
            "still possible."
        )
    return subject_request


def _open(identity_id: UUID, by: Actor) -> KnownIdentity:
    owner = KnownIdentity.objects.filter(pk=identity_id).values_list("subject_request_id", flat=True).first()
    if owner is None:
        raise UnknownIdentity("This is not on the list of the request.")
    subject_request = require_open(owner, by)
    row = KnownIdentity.objects.select_for_update().get(pk=identity_id)
    row.subject_request = subject_request
    return row


def _decided(
    row: KnownIdentity, state: IdentityState, evidence: str, *, by: Actor, at: datetime
) -> KnownIdentity:
    row.state, row.evidence = state, evidence.strip()
    row.decided_by_id, row.decided_at = UUID(by.key), at
    row.save(update_fields=["state", "is_shared", "evidence", "decided_by", "decided_at"])
    facts = {"kind": row.kind, "found": row.found, "shared": row.is_shared}
    if state is IdentityState.ACCEPTED:
        record(event="identity.taken", target=row.subject_request, by=by, at=at, facts=facts)
    else:
        record(event="identity.refused", target=row.subject_request, by=by, at=at, facts=facts)
    identity_decided.send(KnownIdentity, subject_request=row.subject_request, at=at)
    return row
