"""Ask for proof as soon as a request has arrived, where its right demands any."""

from datetime import datetime

from requests_app.audit.actors import Actor
from requests_app.identity.codes import has_live_code, issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.conditions import Attempt, identity_is_proven
from requests_app.lifecycle.known_rights import machine_of
from requests_app.lifecycle.machine import moves_from
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.states import RequestState

SYSTEM = Actor.system("identity")


def start_verification(*, subject_request: SubjectRequest, at: datetime) -> None:
    """Mail a code to the address that the person gave; it proves that address and nothing more.

    One mail serves all requests that came together. Where the proof is there already the request goes on at once, and
    an opt-out, which needs none, is carried out.
    The legal clock does not stop for a mailed code: a pause needs a reasoned doubt (Art. 12(6) GDPR; EDPB Guidelines
    01/2022), not a routine that everybody meets.
    """
    if identity_is_proven(Attempt(subject_request, SYSTEM, at)) is None:
        from_here = moves_from(machine_of(subject_request), RequestState.RECEIVED)
        at_once = demanded(subject_request) is IdentityLevel.NONE and Move.ACT_AT_ONCE in from_here
        move = Move.ACT_AT_ONCE if at_once else Move.TAKE_IN
        perform(subject_request_id=subject_request.pk, move=move, by=SYSTEM, at=at)
        return
    if not has_live_code(subject_request, Purpose.CONFIRM_IDENTITY, at=at):
        issue_code(subject_request=subject_request, purpose=Purpose.CONFIRM_IDENTITY, by=SYSTEM, at=at)
    perform(subject_request_id=subject_request.pk, move=Move.ASK_IDENTITY, by=SYSTEM, at=at)
