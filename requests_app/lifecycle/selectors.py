"""Questions about requests."""

from dataclasses import dataclass

from django.db.models import QuerySet

from requests_app.audit.actors import Actor
from requests_app.encryption.blind_index import blind_indexes
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.check import refusal
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.known_rights import as_machine, machine_of
from requests_app.lifecycle.machine import moves_from
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move, MoveFacts
from requests_app.lifecycle.permissions import not_permitted
from requests_app.lifecycle.states import OPEN


@dataclass(frozen=True)
class AvailableMove:
    """A move that leaves the present state, and whether this actor may make it now; if not, why."""

    move: Move
    allowed: bool
    sentence: str

    @property
    def facts(self) -> MoveFacts:
        """The words of the confirm page."""
        return FACTS[self.move]


def by_reference(reference: str) -> SubjectRequest:
    """The request with this reference, as its right's machine. Raises UnknownReference."""
    found = SubjectRequest.objects.filter(reference=reference).first()
    if found is None:
        raise UnknownReference("There is no request with this reference.")
    return as_machine(found)


def open_requests() -> QuerySet[SubjectRequest]:
    """Every request that still moves, the earliest legal date first."""
    found: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(state__in=OPEN)
    return found.order_by("response_due_on", "id")


def requests_of(email: str) -> QuerySet[SubjectRequest]:
    """Every request made with exactly this address (its case does not matter)."""
    found: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(
        subject_email_index__in=blind_indexes("email", email)
    )
    return found.order_by("-received_at")


def moves_available_to(subject_request: SubjectRequest, by: Actor) -> list[AvailableMove]:
    """The moves out of the present state that this sort of actor makes, each allowed or with the refusal's sentence."""
    leaving = moves_from(machine_of(subject_request), subject_request.state)
    found = []
    for move in leaving:
        if by.kind not in FACTS[move].kinds:
            continue
        sentence = not_permitted(move, by) or refusal(Attempt(subject_request, by), move) or ""
        found.append(AvailableMove(move, not sentence, sentence))
    return found


def others_like(subject_request: SubjectRequest) -> QuerySet[SubjectRequest]:
    """The other open requests of the same person for the same right, oldest first."""
    found: QuerySet[SubjectRequest] = open_requests().filter(
        subject_email_index__in=subject_request.address_indexes, right=subject_request.right
    )
    return found.exclude(pk=subject_request.pk).order_by("received_at")
