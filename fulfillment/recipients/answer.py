"""The link behind which a recipient says how it stands: looking changes nothing, the first answer counts."""

import re
from datetime import datetime

from django.db import transaction

from fulfillment.recipients.endings import ANSWERS, NEEDS_WHY, SPARED, Ending
from fulfillment.recipients.errors import AlreadyAnswered, AnswerLinkNotValid
from fulfillment.recipients.letters import hash_of
from fulfillment.recipients.models import RecipientLetter, RecipientNotice
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput

BY_LINK = Actor.system("recipient link")
_TOKEN = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)


def look_at_answer_link(*, token: str) -> RecipientNotice:
    """The notice behind a link; looking changes nothing. Raises AnswerLinkNotValid."""
    if not _TOKEN.fullmatch(token):
        raise AnswerLinkNotValid
    found = RecipientLetter.objects.filter(answer_hash=hash_of(token))
    letter = found.select_related("about__recipient", "about__subject_request").first()
    if letter is None:
        raise AnswerLinkNotValid
    return letter.about


def answer_by_token(*, token: str, ending: str, why: str, at: datetime) -> RecipientNotice:
    """Keep a recipient's answer. The same answer again is no other one.

    Raises AnswerLinkNotValid, AlreadyAnswered and BadInput.
    """
    if ending not in ANSWERS:
        raise BadInput("Say whether it is done, whether you hold nothing, or that you cannot.")
    with transaction.atomic():
        notice = locked_notice(look_at_answer_link(token=token))
        if notice.ending == ending and notice.ended_by_id is None:
            return notice
        # Who was spared may answer all the same: that says more.
        if notice.is_ended and notice.ending not in SPARED:
            raise AlreadyAnswered(
                "This was answered before. If something has changed, write to our privacy team."
            )
        end(notice, Ending(ending), why, by=BY_LINK, at=at)
    return notice


def locked_notice(notice: RecipientNotice) -> RecipientNotice:
    """The notice as it is now, held alone until the transaction ends."""
    found = RecipientNotice.objects.select_for_update(of=("self",))
    return found.select_related("recipient", "subject_request").get(pk=notice.pk)


def end(notice: RecipientNotice, ending: Ending, why: str, *, by: Actor, at: datetime) -> None:
    """Write the end of a notice down and forget whom it named. Raises BadInput where a reason is missing."""
    if ending in NEEDS_WHY and not why.strip():
        raise BadInput("Say why.")
    notice.ending, notice.ending_note, notice.ended_at = ending, why.strip(), at
    notice.ended_by_id = by.staff_id
    notice.said_sealed, notice.remind_at = {}, None
    notice.save()
    for letter in notice.letters.filter(sent_at=None):
        letter.secrets = {}
        letter.save(update_fields=["secrets"])
    facts = {
        "recipient": notice.recipient.key if notice.recipient else notice.disclosed_as,
        "ending": ending.value,
    }
    record(event="recipient.ended", target=notice.subject_request, by=by, at=at, facts=facts)
