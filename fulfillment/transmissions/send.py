"""Send one copy: pack, offer, upload, receipt; effectively once, as every call bears the same key and asks first."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from fulfillment.bundles.base import Heartbeat
from fulfillment.bundles.errors import BundleDamaged
from fulfillment.transmissions.conversation import Conversation
from fulfillment.transmissions.errors import Final, Later
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.package import Package
from fulfillment.transmissions.protocol import Accepted, Progress, checked_receipt
from fulfillment.transmissions.settle import settle_final, settle_received
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from requests_app.encryption.errors import KeyMissing, SealBroken, StoreAway, StoredFileMissing, StoreFull
from requests_app.encryption.files import create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, paced, take

# Beyond the ordinary step: one answer may be waited for without a heartbeat.
LEASE_BEYOND_STEP = timedelta(seconds=60)
# With the waits below that is about two days; then a person sees it.
GIVE_UP_AFTER = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
LONGEST_TOLD_WAIT = timedelta(days=1)
WAIT_FOR_ROOM = timedelta(minutes=1)
FIRST_QUESTION, RECEIPT_WITHIN = timedelta(minutes=1), timedelta(days=7)
CUT_OFF = "The sending was cut off several times without leaving a reason. Please look at the worker."
# A receiver that took everything and then knew nothing of it is not sent it for ever.
MOST_FORGOTTEN = 3
_WAITS_FOR_RECEIPT = frozenset({"checking", "received"})


def send_copy(*, sending_id: UUID | str, at: datetime) -> bool:
    """Work on one sending; returns whether its receipt has come now. Safe with any number of rivals."""
    length = timedelta(seconds=settings.STEP_LEASE_SECONDS) + LEASE_BEYOND_STEP
    lease = take(Sending, sending_id, length=length)
    if lease is None:
        return False
    rows = Sending.objects.select_related("transmission__subject_request", "bundle__subject_request")
    sending = rows.get(pk=lease.pk)
    with suppress(LeaseLost):
        if is_poison(lease, sending.last_error):
            reason = poison_reason(sending.last_error, cut_off=CUT_OFF)
            settle_final(lease, sending, Final(S.FAILED, Why.OUR_FAULT, reason), at=at)
            return False
        return _tried(sending, lease, at=at)
    return False


def _tried(sending: Sending, lease: Lease, *, at: datetime) -> bool:
    try:
        return _worked(sending, lease, at=at)
    except Final as ending:
        settle_final(lease, sending, ending, at=at)
    except Later as trouble:
        _again(sending, lease, trouble, at=at)
    except (StoreFull, StoreAway) as trouble:
        # Room and store come back without us, so that no attempt is used up.
        with lease.settled():
            lease.write(attempts=F("attempts") - 1)
            lease.again(after=WAIT_FOR_ROOM, error=str(trouble))
    except (BundleDamaged, SealBroken, StoredFileMissing, KeyMissing) as damage:
        reason = f"The copy could not be read ({type(damage).__name__})."
        settle_final(lease, sending, Final(S.FAILED, Why.COPY_DAMAGED, reason), at=at)
    return False


def _worked(sending: Sending, lease: Lease, *, at: datetime) -> bool:
    if not sending.bundle.is_open(at=at):
        raise Final(S.FAILED, Why.COPY_GONE, "The copy ended before it could be sent.")
    beat = paced(lease)
    if not sending.sha256:
        _pack(sending, lease, beat, at=at)
    if sending.size > settings.PORTABILITY_MAX_BYTES:
        raise Final(S.FAILED, Why.TOO_LARGE_FOR_US, "It is larger than PORTABILITY_MAX_BYTES.")
    with Conversation(sending, at=at, beat=beat) as other:
        progress = _where_it_stands(sending, lease, other, at=at)
        if sending.sent_at is None:
            progress = _uploaded(sending, lease, other, progress, at=at)
    if progress.receipt is None:
        return _wait_for_receipt(sending, lease, at=at)
    receipt, is_signed = checked_receipt(progress, sending)
    settle_received(lease, sending, receipt, is_signed=is_signed, at=at)
    return True


def _pack(sending: Sending, lease: Lease, beat: Heartbeat, *, at: datetime) -> None:
    """Write the package into a sealed file, whose name is written down before it: what a kill leaves is found by it."""
    left = sending.store_name
    sending.store_name = new_name()
    sending.wrapped_key = wrapped_file_key(name=sending.store_name)
    lease.write(store_name=sending.store_name, wrapped_key=sending.wrapped_key)
    if left:
        current_store().delete(left)
    package = Package(sending.bundle, key=sending.pk, at=at, beat=beat)
    with create_sealed(current_store(), name=sending.store_name, wrapped_key=sending.wrapped_key) as sink:
        for chunk in package.stream():
            sink.write(chunk)
    sending.size, sending.sha256, sending.part_count = package.size, package.sha256, len(package.parts)
    lease.write(size=sending.size, sha256=sending.sha256, part_count=sending.part_count)


def _where_it_stands(sending: Sending, lease: Lease, other: Conversation, *, at: datetime) -> Progress:
    """Ask before anything is sent twice; offer where the other service knows nothing of it. Raises Later and Final."""
    known = other.state() if sending.status_sealed else None
    if known is not None:
        if known.state == "refused":
            raise Final(S.DECLINED, Why.NOT_TAKEN, "The other service refused the copy after it took it.")
        if known.state in _WAITS_FOR_RECEIPT or known.receipt is not None:
            _note_sent(sending, lease, at=at)
        return known
    if sending.asked_for_receipt >= MOST_FORGOTTEN:
        raise Final(S.UNCONFIRMED, Why.NO_RECEIPT, "It was sent, and the other service knows nothing of it.")
    if sending.accepted_at is None or sending.status_sealed:
        _agree(sending, lease, other.offer(), at=at)
    return Progress()


def _agree(sending: Sending, lease: Lease, terms: Accepted, *, at: datetime) -> None:
    if terms.max_bytes is not None and sending.size > terms.max_bytes:
        sentence = f"It takes {terms.max_bytes} bytes at most, and the copy has {sending.size}."
        raise Final(S.DECLINED, Why.TOO_LARGE_FOR_THEM, sentence)
    sending.accepted_at, sending.sent_at = at, None
    sending.upload_sealed, sending.status_sealed = terms.upload, terms.status
    sending.is_resumable, sending.piece_bytes = terms.is_resumable, terms.piece_bytes
    sending.receipt_key = terms.receipt_key
    with lease.settled():
        sending.save(
            update_fields=[
                "accepted_at",
                "sent_at",
                "upload_sealed",
                "status_sealed",
                "is_resumable",
                "piece_bytes",
                "receipt_key",
            ]
        )


def _uploaded(
    sending: Sending, lease: Lease, other: Conversation, progress: Progress, *, at: datetime
) -> Progress:
    """Send what is missing, in the pieces that were agreed; returns what the last answer said."""
    offset = min(progress.received, sending.size) if sending.is_resumable else 0
    if sending.begun_at is None:
        sending.begun_at = at
        lease.write(begun_at=at)
    key = bytes(sending.wrapped_key)
    with open_sealed(current_store(), name=sending.store_name, wrapped_key=key) as reader:
        while True:
            end = min(sending.size, offset + (sending.piece_bytes or sending.size))
            progress = other.upload(reader, start=offset, end=end)
            lease.write(sent_bytes=end)
            if end == sending.size:
                break
            offset = end
    _note_sent(sending, lease, at=at)
    return progress


def _note_sent(sending: Sending, lease: Lease, *, at: datetime) -> None:
    if sending.sent_at is None:
        sending.sent_at = at
        lease.write(sent_at=at, sent_bytes=sending.size)


def _wait_for_receipt(sending: Sending, lease: Lease, *, at: datetime) -> bool:
    """All of it is sent: ask for the receipt for some days, where there is an address to ask. Raises Final."""
    assert sending.sent_at is not None  # noqa: S101 - written when the last byte went
    if not sending.status_sealed or at - sending.sent_at > RECEIPT_WITHIN:
        raise Final(S.UNCONFIRMED, Why.NO_RECEIPT, "All of it was sent; no receipt came.")
    after = min(FIRST_QUESTION * 3 ** min(sending.asked_for_receipt, 8), LONGEST_WAIT)
    with lease.settled():
        lease.write(asked_for_receipt=sending.asked_for_receipt + 1)
        # Nothing has failed, and no worker is held meanwhile.
        lease.not_yet(after=_spread(after))
    return False


def _again(sending: Sending, lease: Lease, trouble: Later, *, at: datetime) -> None:
    if lease.attempt >= GIVE_UP_AFTER:
        is_sent = sending.sent_at is not None
        state, why = (S.UNCONFIRMED, Why.NO_RECEIPT) if is_sent else (S.FAILED, Why.NOT_REACHED)
        settle_final(lease, sending, Final(state, why, trouble.sentence), at=at)
        return
    wait = _spread(min(FIRST_WAIT * 3 ** min(lease.attempt - 1, 8), LONGEST_WAIT))
    if trouble.retry_after is not None:
        # Never sooner than told; a wait of weeks is no answer.
        wait = max(wait, _spread(min(timedelta(seconds=trouble.retry_after), LONGEST_TOLD_WAIT)))
    with lease.settled():
        lease.again(after=wait, error=trouble.sentence)


def _spread(wait: timedelta) -> timedelta:
    """Up to a fifth longer: not all who failed together come back together."""
    return wait * (1 + secrets.randbelow(200) / 1000)
