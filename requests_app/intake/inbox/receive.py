"""The first step of every door: the bytes are stored and the delivery is claimed, or the sending side keeps the mail.

Nothing is parsed here, so nothing about a mail can make it fail. Only a full disk, a store or a database that is away
does: then a door answers its peer so that it tries again, and nothing is left behind but a file that no row names.
"""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from requests_app import signals
from requests_app.encryption.errors import StoreAway
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.intake.email.storable import storable_line
from requests_app.intake.inbox.hashes import raw_hash
from requests_app.intake.inbox.models import Door, InboundEmail

KEY_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One mail as a door hands it over.

    `key` names the delivery within its door: handing it over again finds the same row. `received_at` is when our side
    had it. `mail_from` and `rcpt_to` are those of the envelope, where the door knows it. Of a mail that is too large
    `raw` is its head and `size` its whole length in bytes.
    """

    door: Door
    raw: bytes = field(repr=False)
    received_at: datetime
    key: str = ""
    mail_from: str = field(default="", repr=False)
    rcpt_to: tuple[str, ...] = field(default=(), repr=False)
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """The row of a delivery, and whether it was made now."""

    email_id: UUID
    is_new: bool


def receive(delivery: Delivery, *, at: datetime) -> Received:
    """Store a mail and claim its delivery, for good when this returns. Raises StoreFull, StoreAway and DatabaseError.

    Without a key, the same bytes are the same delivery: a mail server that did not hear our answer sends them again,
    while two mails differ at least in the line that it added on their way.
    """
    hashed = raw_hash(delivery.raw)
    key = _key(delivery, hashed)
    known = InboundEmail.objects.filter(delivery_key=key).values_list("pk", flat=True).first()
    if known is not None:
        return Received(known, is_new=False)
    stored = _stored(delivery.raw)
    claimed = _claim(_row(delivery, key=key, hashed=hashed, stored=stored, at=at))
    if not claimed.is_new:
        _remove(stored.store_name)
    return claimed


def _key(delivery: Delivery, hashed: str) -> str:
    key = f"{delivery.door.value}:{delivery.key or hashed}"
    return key if len(key) <= KEY_MAX else f"{delivery.door.value}:{sha256(key.encode()).hexdigest()}"


def _row(delivery: Delivery, *, key: str, hashed: str, stored: "_Stored", at: datetime) -> InboundEmail:
    size = len(delivery.raw) if delivery.size is None else delivery.size
    return InboundEmail(
        door=delivery.door,
        delivery_key=key,
        # No clock of another machine makes a mail arrive later than now.
        received_at=min(delivery.received_at, at),
        stored_at=at,
        size=size,
        is_cut=size > len(delivery.raw),
        raw_hash=hashed,
        store_name=stored.store_name,
        wrapped_key=stored.wrapped_key,
        mail_from=storable_line(delivery.mail_from),
        rcpt_to=[storable_line(each) for each in delivery.rcpt_to],
    )


def _claim(row: InboundEmail) -> Received:
    """Where the connection breaks in the commit nobody knows whether the row stands: its file is left as it is."""
    with transaction.atomic():
        InboundEmail.objects.bulk_create([row], ignore_conflicts=True)
        kept = InboundEmail.objects.values_list("pk", flat=True).get(delivery_key=row.delivery_key)
        if kept == row.pk:
            signals.mail_received.send(InboundEmail, email_id=kept)
    return Received(kept, is_new=kept == row.pk)


@dataclass(frozen=True, slots=True)
class _Stored:
    store_name: str
    wrapped_key: bytes


def _stored(raw: bytes) -> _Stored:
    name = new_name()
    wrapped = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=wrapped) as sink:
        sink.write(raw)
    return _Stored(name, wrapped)


def _remove(name: str) -> None:
    """A rival claimed the delivery first: its file is the one. What cannot be removed now is an orphan of a day."""
    with contextlib.suppress(StoreAway, OSError):
        current_store().delete(name)
