"""What the law leaves nothing to decide about is done by itself, the moment the proof is there."""

from datetime import datetime

from requests_app.audit.actors import Actor
from requests_app.lifecycle.conditions import Attempt
from requests_app.lifecycle.known_rights import machine_of
from requests_app.lifecycle.machine import moves_from
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform, refusal

SYSTEM = Actor.system("decisions")


def act_at_once(*, subject_request: SubjectRequest, at: datetime) -> None:
    """Carry out a withdrawn consent, an opt-out, or an objection to marketing; leave everything else to staff.

    A consent is withdrawn as easily as it was given (Art. 7(3) GDPR), and marketing stops without a balancing
    (Art. 21(3) GDPR).
    """
    if Move.ACT_AT_ONCE not in moves_from(machine_of(subject_request), subject_request.state):
        return
    if refusal(Attempt(subject_request, SYSTEM, at, {}), Move.ACT_AT_ONCE) is None:
        perform(subject_request_id=subject_request.pk, move=Move.ACT_AT_ONCE, by=SYSTEM, at=at)
