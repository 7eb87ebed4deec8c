"""Put identities on the list of a request: each once, accepted at once only where the rules allow it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.identities.decide import require_open
from fulfillment.identities.errors import IdentityKnown
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.rules import checked_identity, indexes_of
from fulfillment.identities.states import TRUSTED, Doubt, Found, IdentityState
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest

SYSTEM = Actor.system("fulfillment")


@dataclass(frozen=True)
class NewIdentity:
    """Something that came up; `place` is source, collection and field, `doubt` what speaks against it."""

    kind: str
    value: str = field(repr=False)
    found: Found
    place: tuple[str, ...] = ()
    doubt: Doubt = Doubt.NONE


def propose(
    *, subject_request: SubjectRequest, new: Iterable[NewIdentity], by: Actor, at: datetime
) -> list[KnownIdentity]:
    """Add what is not on the list yet. Returns what was added; in the caller's transaction, safe to repeat.

    What was decided before stays decided. Only what the rules trust, with no doubt against it, is accepted at once.
    """
    known = set(subject_request.known_identities.values_list("kind", "value_index"))
    added = []
    for each in new:
        indexes = indexes_of(each.kind, each.value)
        if any((each.kind, index) in known for index in indexes):
            continue
        known.add((each.kind, indexes[0]))
        added.append(_added(subject_request, each, indexes, by=by, at=at))
    return added


def enter_identity(
    *, subject_request_id: UUID, kind: str, value: str, evidence: str, by: Actor, at: datetime
) -> KnownIdentity:
    """Staff write down what else the person is known by; it is used once somebody accepts it.

    Raises NotPermitted, UnfitIdentity, IdentityKnown, IdentityFixed.
    """
    kind, value = checked_identity(kind, value)
    with transaction.atomic():
        subject_request = require_open(subject_request_id, by)
        new = NewIdentity(kind, value, Found.STAFF, doubt=Doubt.UNPROVEN)
        added = propose(subject_request=subject_request, new=[new], by=by, at=at)
        if not added:
            raise IdentityKnown("This is on the list already.")
        added[0].evidence = evidence.strip()
        added[0].save(update_fields=["evidence"])
        return added[0]


def _added(
    subject_request: SubjectRequest, new: NewIdentity, indexes: tuple[str, ...], *, by: Actor, at: datetime
) -> KnownIdentity:
    doubt = new.doubt or (
        Doubt.OTHER_REQUEST if _is_somebody_elses(subject_request, new, indexes) else Doubt.NONE
    )
    is_safe = new.found in TRUSTED and not doubt
    row = KnownIdentity.objects.create(
        subject_request=subject_request,
        kind=new.kind,
        value=new.value,
        value_index=indexes[0],
        found=new.found,
        place=list(new.place),
        doubt=doubt,
        state=IdentityState.ACCEPTED if is_safe else IdentityState.PROPOSED,
        found_at=at,
        found_by=by.key,
        decided_at=at if is_safe else None,
    )
    facts = {"kind": new.kind, "found": new.found.value, "where": row.where, "state": row.state}
    record(event="identity.noted", target=subject_request, by=by, at=at, facts=facts)
    return row


def _is_somebody_elses(subject_request: SubjectRequest, new: NewIdentity, indexes: tuple[str, ...]) -> bool:
    """Whether a request of another person was accepted under the same; what a person has proved stays theirs."""
    if new.found is not Found.REFERENCE:
        return False
    same = KnownIdentity.objects.filter(kind=new.kind, value_index__in=indexes, state=IdentityState.ACCEPTED)
    return same.exclude(subject_request__subject_email_index__in=subject_request.address_indexes).exists()
