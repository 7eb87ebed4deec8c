"""What a person writes down of a recipient: told by hand, an answer that came another way, why nobody is told."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fulfillment.recipients.answer import end, locked_notice
from fulfillment.recipients.endings import Ending
from fulfillment.recipients.errors import AlreadyAnswered, NothingToSend
from fulfillment.recipients.letters import letter_waits
from fulfillment.recipients.models import RecipientLetter, RecipientNotice
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.leases.revive import back_in_line
from requests_app.roles import Permission, permissions_of


def note_told(*, notice_id: UUID, on: date, by: Actor, at: datetime) -> RecipientNotice:
    """Write down that a person told a recipient, and on which day. Raises NotPermitted, AlreadyAnswered, BadInput."""
    with transaction.atomic():
        notice = _open_notice(notice_id, by)
        if on > at.date() or on < notice.written_at.date():
            raise BadInput(
                "Give the day on which they were told: not before the change, and not after today."
            )
        notice.told_on, notice.by_hand_because = on, ""
        notice.save(update_fields=["told_on", "by_hand_because"])
        record(event="recipient.told", target=notice.subject_request, by=by, at=at, facts=_facts(notice))
    return notice


def note_ending(*, notice_id: UUID, ending: Ending, why: str, by: Actor, at: datetime) -> RecipientNotice:
    """Write an answer down that came another way, or why a recipient is not told. Raises as above."""
    with transaction.atomic():
        notice = _open_notice(notice_id, by)
        end(notice, ending, why, by=by, at=at)
    return notice


def send_again(*, notice_id: UUID, by: Actor, at: datetime) -> RecipientLetter:
    """Let the letter that could not be sent go once more, to where the recipient is reached now.

    Raises NotPermitted, AlreadyAnswered and NothingToSend. It keeps its name, so that whoever got it knows it again.
    """
    with transaction.atomic():
        notice = _open_notice(notice_id, by)
        letter = notice.letters.filter(work_state=WorkState.DEAD).last()
        if letter is None or notice.recipient is None or letter.way != notice.recipient.way:
            raise NothingToSend(
                "There is no letter to this recipient that could be sent again. Tell it by hand."
            )
        letter.to_address = notice.recipient.target
        letter.save(update_fields=["to_address"])
        back_in_line(letter)
        letter_waits.send(RecipientLetter, letter=letter)
        record(
            event="recipient.tried_again", target=notice.subject_request, by=by, at=at, facts=_facts(notice)
        )
    return letter


def _open_notice(notice_id: UUID, by: Actor) -> RecipientNotice:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    notice = locked_notice(RecipientNotice(pk=notice_id))
    if notice.is_ended:
        raise AlreadyAnswered("This has ended meanwhile. What you sent was not kept.")
    return notice


def _facts(notice: RecipientNotice) -> dict[str, object]:
    return {
        "recipient": notice.recipient.key if notice.recipient else notice.disclosed_as,
        "kind": notice.kind,
    }
