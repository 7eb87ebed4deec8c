"""Ask for proof as soon as a request has arrived."""

from datetime import datetime

from requests_app.audit.actors import Actor
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform

SYSTEM = Actor.system("identity")


def start_verification(*, subject_request: SubjectRequest, at: datetime) -> None:
    """Mail a code to the address that the person gave; it proves that address and nothing more.

    The legal clock does not stop for it: a pause needs a reasoned doubt (Art. 12(6) GDPR; EDPB Guidelines 01/2022),
    not a routine that everybody meets.
    """
    issue_code(subject_request=subject_request, purpose=Purpose.CONFIRM_IDENTITY, by=SYSTEM, at=at)
    perform(subject_request_id=subject_request.pk, move=Move.ASK_IDENTITY, by=SYSTEM, at=at)
