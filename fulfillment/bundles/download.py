"""Hand a bundle over: to its recipient only, within its time, in plain bytes, each fetch recorded."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum

from fulfillment.bundles.errors import BundleGone
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.bundles.ranges import ByteRange, read_range
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.files import SealedReader, open_sealed
from requests_app.encryption.store import current_store
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState

GONE = "This copy is no longer here. You can always ask for a new one."


@dataclass
class Download:
    """One fetch under way: read `chunks` to the end and close it."""

    bundle: Bundle
    fetch: BundleFetch
    asked: ByteRange
    reader: SealedReader
    at: datetime

    def chunks(self) -> Iterator[bytes]:
        """The bytes asked for. However it ends, what was sent is written down; all sent is delivered."""
        sent = 0
        try:
            with self.reader:
                self.reader.seek(self.asked.first)
                for chunk in self.reader.chunks():
                    part = chunk[: self.asked.length - sent]
                    yield part
                    sent += len(part)
                    if sent >= self.asked.length:
                        break
        finally:
            self._end(sent=sent)

    def _end(self, *, sent: int) -> None:
        BundleFetch.objects.filter(pk=self.fetch.pk).update(bytes_sent=sent)
        if sent == self.asked.length and self.asked.last == self.asked.size - 1:
            _note_delivery(self.bundle, at=self.at)


def open_bundle_of(subject_request: SubjectRequest, *, at: datetime) -> Bundle | None:
    """The copy that the person of this request may fetch now, or None."""
    released = Bundle.objects.filter(subject_request=subject_request, released_at__isnull=False)
    bundle = released.select_related("subject_request").order_by("-number").first()
    if bundle is None or not bundle.is_open(at=at):
        return None
    return bundle if bundle.recipient_index == subject_request.subject_email_index else None


def bundle_for(subject_request: SubjectRequest, *, bundle_id: UUID, at: datetime) -> Bundle:
    """The copy of that id, if the person of this request may fetch it now. Raises BundleGone."""
    bundle = open_bundle_of(subject_request, at=at)
    if bundle is None or bundle.pk != bundle_id:
        raise BundleGone(GONE)
    return bundle


def open_for_download(*, bundle: Bundle, range_header: str, by: Actor, at: datetime) -> Download:
    """Open a copy that `bundle_for` gave, and record the fetch. Raises RangeNotSatisfiable."""
    asked = read_range(range_header, size=bundle.size)
    reader = open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    with transaction.atomic():
        fetch = BundleFetch.objects.create(
            bundle=bundle,
            by=f"{by.kind}:{by.key}",
            started_at=at,
            first_byte=asked.first,
            bytes_asked=asked.length,
        )
        Bundle.objects.filter(pk=bundle.pk).update(fetch_count=F("fetch_count") + 1)
        facts = {"number": bundle.number, "first_byte": asked.first}
        record(event="bundle.fetched", target=bundle.subject_request, by=by, at=at, facts=facts)
    return Download(bundle, fetch, asked, reader, at)


def _note_delivery(bundle: Bundle, *, at: datetime) -> None:
    """The last byte went out. When all bytes did, in one piece or several, the request is answered."""
    sent = BundleFetch.objects.filter(bundle=bundle).aggregate(sent=Sum("bytes_sent"))["sent"] or 0
    state = (
        SubjectRequest.objects.filter(pk=bundle.subject_request_id).values_list("state", flat=True).first()
    )
    if sent < bundle.size or state != RequestState.READY:
        return
    # Two downloads may end at the same moment: the second finds done what it wanted.
    with suppress(MoveNotAllowed):
        perform(
            subject_request_id=bundle.subject_request_id,
            move=Move.DELIVER,
            by=Actor.system("fulfillment"),
            at=at,
        )
