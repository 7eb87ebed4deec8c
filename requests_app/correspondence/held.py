"""Mails of ours that are held back: written, kept, and sent only when a person says so."""

from collections.abc import Iterable
from datetime import datetime

from requests_app import signals
from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState


def hold_back(messages: Iterable[Message], *, because: str) -> int:
    """Take mails that were not sent out of the line, in the transaction that wrote them. Returns how many."""
    keys = [each.pk for each in messages]
    waiting = Message.objects.filter(pk__in=keys, work_state=WorkState.WAITING, sent_at=None)
    return waiting.update(work_state=WorkState.CANCELLED, held_because=because)


def let_go(message: Message, *, at: datetime) -> None:
    """Send a mail that was held back, as it was written; in the caller's transaction."""
    freed = Message.objects.filter(pk=message.pk, work_state=WorkState.CANCELLED).exclude(held_because="")
    if freed.update(work_state=WorkState.WAITING, held_because=""):
        signals.message_written.send(Message, message=message, at=at)
