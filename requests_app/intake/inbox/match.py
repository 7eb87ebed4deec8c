"""Which request, and which mail of ours, a mail belongs to: by a token or by our own Message-ID, and by nothing else.

A reference in a subject, a sender or a subject line can be written by anybody: strangers came into other people's
cases that way (zammad #5064). Those only become suggestions for whoever looks at the mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from requests_app.correspondence.models import Message
from requests_app.correspondence.reply_addresses import request_of
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.inbox.addresses import tokens_in
from requests_app.lifecycle.models import SubjectRequest


class By(StrEnum):
    """What a mail was matched by."""

    REPLY_ADDRESS = "reply_address"
    OWN_ID = "own_message_id"


@dataclass(frozen=True, slots=True)
class Matched:
    """What a mail belongs to; `is_torn` where its signs lead to requests of several people."""

    subject_request: SubjectRequest | None = None
    by: By | None = None
    answers: Message | None = None
    is_our_own: bool = False
    is_torn: bool = False


NOTHING = Matched()


def match(mail: ParsedEmail, *, rcpt_to: list[str], at: datetime) -> Matched:
    """Return what a mail belongs to, by the database as it is now."""
    ours = _messages([*mail.answers_to, *_reported(mail)])
    by_token = [
        found for token in tokens_in(mail, rcpt_to) if (found := request_of(token, at=at)) is not None
    ]
    is_our_own = bool(mail.message_id) and Message.objects.filter(rfc_message_id=mail.message_id).exists()
    candidates = [*by_token, *(each.subject_request for each in ours)]
    if len({each.submission_id for each in candidates}) > 1:
        return Matched(answers=None, is_our_own=is_our_own, is_torn=True)
    if not candidates:
        return Matched(is_our_own=is_our_own)
    return Matched(
        subject_request=candidates[0],
        by=By.REPLY_ADDRESS if by_token else By.OWN_ID,
        answers=ours[-1] if ours else None,
        is_our_own=is_our_own,
    )


def _messages(ids: Iterable[str]) -> list[Message]:
    """The mails of ours with these ids to requests that are not forgotten, the nearest last."""
    named = [each for each in ids if each]
    if not named:
        return []
    found = {
        each.rfc_message_id: each
        for each in Message.objects.filter(
            rfc_message_id__in=named, subject_request__purged_at=None
        ).select_related("subject_request")
    }
    return [found[each] for each in dict.fromkeys(named) if each in found]


def _reported(mail: ParsedEmail) -> tuple[str, ...]:
    return (mail.report.original_message_id,) if mail.report else ()
