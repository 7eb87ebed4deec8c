"""Send the person once more what could not be delivered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app import signals
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import Notice
from requests_app.decisions.errors import NotToBeSentAgain
from requests_app.errors import NotPermitted, TooManyAttempts
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.leases.models import WorkState
from requests_app.leases.revive import back_in_line
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of

# Whoever wants these is at our pages at that moment, and asks for a fresh one there.
ASKED_FOR_BY_THE_PERSON = frozenset({Notice.PORTAL_CODE, Notice.DOWNLOAD_CODE})


def send_again(*, message_id: UUID, by: Actor, at: datetime) -> None:
    """Let a message go once more, as it was written; where it carried a code, a new mail with a new one.

    Raises NotPermitted, NotToBeSentAgain and TooManyAttempts. A message keeps its Message-ID, so that a mail system
    that had it after all knows it again.
    """
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    with transaction.atomic():
        subject_request = locked(Message.objects.values_list("subject_request", flat=True).get(pk=message_id))
        message = next((each for each in undelivered(subject_request) if each.pk == message_id), None)
        if message is None:
            raise NotToBeSentAgain(
                "This message is not one to send again: it was sent, is on its way, or a newer one is."
            )
        facts = {"notice": message.notice}
        record(event="message.tried_again", target=subject_request, by=by, at=at, facts=facts)
        if message.notice == Notice.CONFIRM_IDENTITY:
            _mail_a_new_code(subject_request, by=by, at=at)
        else:
            _back_to_the_outbox(message, at=at)


def undelivered(subject_request: SubjectRequest) -> list[Message]:
    """The messages that were given up for good and still have their point: no newer one says the same."""
    newest: dict[tuple[str, str], Message] = {}
    for message in subject_request.messages.order_by("written_at", "id"):
        newest[message.notice, message.to_address] = message
    return [
        each
        for each in newest.values()
        if each.work_state == WorkState.DEAD and _is_still_wanted(each, subject_request)
    ]


def _is_still_wanted(message: Message, subject_request: SubjectRequest) -> bool:
    if message.notice == Notice.CONFIRM_IDENTITY:
        return bool(subject_request.state == RequestState.AWAITING_IDENTITY)
    return message.notice not in ASKED_FOR_BY_THE_PERSON


def _mail_a_new_code(subject_request: SubjectRequest, *, by: Actor, at: datetime) -> None:
    if not issue_code(subject_request=subject_request, purpose=Purpose.CONFIRM_IDENTITY, by=by, at=at):
        raise TooManyAttempts(
            "This address has had as many codes as it may for now. Try again tomorrow, or reach the person another way."
        )


def _back_to_the_outbox(message: Message, *, at: datetime) -> None:
    back_in_line(message)
    signals.message_written.send(Message, message=message, at=at)
