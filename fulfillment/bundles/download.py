"""Hand a bundle over: to its recipient only, within its time, in plain bytes, each fetch recorded."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from fulfillment.bundles.errors import BundleGone, BundleUnreadable
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.bundles.passphrase import protected
from fulfillment.bundles.ranges import ByteRange, read_range
from fulfillment.bundles.selectors import outcome_of
from fulfillment.bundles.volumes import Volume, covers
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.errors import KeyMissing, SealBroken, StoredFileMissing
from requests_app.encryption.files import SealedReader, open_sealed
from requests_app.encryption.store import current_store
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState

log = logging.getLogger(__name__)
GONE = "This copy is no longer here. You can always ask for a new one."
UNREADABLE = "Your copy does not open. The fault is ours, and it is written down: please write to us."


class Download:
    """One fetch under way: iterate its bytes, then close it, as a web server does with what it sends.

    However it ends, closing writes down what was sent; when everything was, the request is answered.
    """

    def __init__(self, bundle: Bundle, fetch: BundleFetch, asked: ByteRange, reader: SealedReader) -> None:
        self.bundle, self.asked = bundle, asked
        self._fetch, self._reader = fetch, reader
        self._sent = 0

    def __iter__(self) -> Iterator[bytes]:
        self._reader.seek(self._fetch.first_byte)
        for chunk in self._reader.chunks():
            part = chunk[: self.asked.length - self._sent]
            yield part
            self._sent += len(part)
            if self._sent >= self.asked.length:
                return

    def close(self) -> None:
        """Write down how much was sent; safe to call again."""
        if self._reader.closed:
            return
        self._reader.close()
        BundleFetch.objects.filter(pk=self._fetch.pk).update(bytes_sent=self._sent)
        if self._sent == self.asked.length:
            note_delivery(self.bundle, at=self._fetch.started_at)


class ProtectedDownload:
    """The same of a zip that is sealed with a passphrase while it is sent: whole, or not at all."""

    def __init__(
        self, bundle: Bundle, fetch: BundleFetch, reader: SealedReader, zipped: Iterator[bytes]
    ) -> None:
        self._bundle, self._fetch, self._reader, self._zipped = bundle, fetch, reader, zipped
        self._is_whole = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._zipped
        self._is_whole = True

    def close(self) -> None:
        """Write down whether all was sent; safe to call again."""
        if self._reader.closed:
            return
        self._reader.close()
        if self._is_whole:
            BundleFetch.objects.filter(pk=self._fetch.pk).update(bytes_sent=self._fetch.bytes_asked)
            note_delivery(self._bundle, at=self._fetch.started_at)


def open_bundle_of(subject_request: SubjectRequest, *, at: datetime) -> Bundle | None:
    """The copy that the person of this request may fetch now, or None."""
    released = Bundle.objects.filter(subject_request=subject_request, released_at__isnull=False)
    bundle = released.select_related("subject_request").order_by("-number").first()
    if bundle is None or not bundle.is_open(at=at):
        return None
    # Both the address that codes go to and the column that requests are found by are still the recipient's.
    indexes = subject_request.address_indexes
    return bundle if {bundle.recipient_index, subject_request.subject_email_index} <= {*indexes} else None


def bundle_for(subject_request: SubjectRequest, *, bundle_id: UUID, at: datetime) -> Bundle:
    """The copy of that id, if the person of this request may fetch it now. Raises BundleGone."""
    bundle = open_bundle_of(subject_request, at=at)
    if bundle is None or bundle.pk != bundle_id:
        raise BundleGone(GONE)
    return bundle


def volume_for(bundle: Bundle, number: int) -> Volume:
    """One of the zips of a copy that `bundle_for` gave. Raises BundleGone where there is no such one."""
    if not 1 <= number <= len(bundle.parts):
        raise BundleGone(GONE)
    return bundle.parts[number - 1]


def open_for_download(
    *, bundle: Bundle, volume: Volume, range_header: str, by: Actor, at: datetime
) -> Download:
    """Open a zip that `volume_for` gave, record the fetch. Raises RangeNotSatisfiable, BundleUnreadable."""
    asked = read_range(range_header, size=volume.size)
    reader = opened(bundle)
    fetch = record_fetch(bundle, volume, asked, by=by, at=at)
    return Download(bundle, fetch, asked, reader)


def open_protected(
    *, bundle: Bundle, volume: Volume, passphrase: str, by: Actor, at: datetime
) -> ProtectedDownload:
    """The same zip, sealed with a passphrase that nobody keeps. Raises BundleUnreadable."""
    reader = opened(bundle)
    fetch = record_fetch(bundle, volume, ByteRange(0, volume.size - 1, volume.size), by=by, at=at)
    return ProtectedDownload(bundle, fetch, reader, protected(reader, volume, passphrase=passphrase))


def record_fetch(bundle: Bundle, volume: Volume, asked: ByteRange, *, by: Actor, at: datetime) -> BundleFetch:
    """Write down that somebody begins to fetch these bytes of a zip."""
    with transaction.atomic():
        fetch = BundleFetch.objects.create(
            bundle=bundle,
            by=f"{by.kind}:{by.key}",
            started_at=at,
            first_byte=volume.first + asked.first,
            bytes_asked=asked.length,
        )
        Bundle.objects.filter(pk=bundle.pk).update(fetch_count=F("fetch_count") + 1)
        facts = {"number": bundle.number, "first_byte": fetch.first_byte}
        record(event="bundle.fetched", target=bundle.subject_request, by=by, at=at, facts=facts)
    return fetch


def opened(bundle: Bundle) -> SealedReader:
    """The plain bytes of a copy. Raises BundleUnreadable."""
    try:
        return open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    except (KeyMissing, SealBroken, StoredFileMissing) as failure:
        log.exception("A released copy does not open", extra={"bundle": str(bundle.pk)})
        raise BundleUnreadable(UNREADABLE) from failure


def note_delivery(bundle: Bundle, *, at: datetime) -> None:
    """What was asked for went out. When every byte did, in one piece or several, the request is answered."""
    pieces = BundleFetch.objects.filter(bundle=bundle).values_list("first_byte", "bytes_sent")
    state = (
        SubjectRequest.objects.filter(pk=bundle.subject_request_id).values_list("state", flat=True).first()
    )
    if not covers(pieces, bundle.size) or state != RequestState.READY:
        return
    # Two downloads may end at the same moment: the second finds done what it wanted.
    with suppress(MoveNotAllowed):
        perform(
            subject_request_id=bundle.subject_request_id,
            move=Move.DELIVER,
            by=Actor.system("fulfillment"),
            at=at,
            given={"outcome": outcome_of(bundle)},
        )
