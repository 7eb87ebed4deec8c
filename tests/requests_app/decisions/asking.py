"""Requests that say what they are about, confirmed and, where that is the way, being weighed."""

from datetime import timedelta

from requests_app.audit.actors import Actor
from requests_app.identity.prove import accept_proof
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import checked_particulars
from requests_app.lifecycle.perform import perform
from tests.factories import NOON, ada_asks, rosa

LATER = NOON + timedelta(hours=2)
STREET = {"field": "Street", "wrong": "Old Road 1", "right": "New Road 2", "evidence": "A bill"}
NAME = {"field": "Surname", "wrong": "Astrom", "right": "Åström"}


def unconfirmed(right: str, particulars: dict[str, object], *, place: str = "PT") -> SubjectRequest:
    """A request that says what it is about and waits for its confirmation."""
    asked = ada_asks(right=right, place=place)
    asked.particulars = checked_particulars(right, particulars)
    asked.save(update_fields=["particulars"])
    return asked


def confirm(asked: SubjectRequest) -> SubjectRequest:
    """Prove the address, and whatever follows by itself."""
    who = Actor.subject(asked.reference)
    return accept_proof(
        subject_request_id=asked.pk, level=IdentityLevel.CHANNEL, by=who, at=NOON + timedelta(hours=1)
    )


def weighing(right: str, particulars: dict[str, object], *, place: str = "PT") -> SubjectRequest:
    """A request that Rosa has begun to weigh."""
    asked = confirm(unconfirmed(right, particulars, place=place))
    return perform(subject_request_id=asked.pk, move=Move.WEIGH, by=Actor.staff(rosa()), at=LATER)
