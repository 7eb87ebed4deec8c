"""Build a bundle: one stream from findings to sealed file, read back and compared, then published at once.

Nothing of it is visible before. A build that is cut off leaves a row that the sweep offers again and at most
a file without a name in any row; a full disk, or a store that is away, leaves the row waiting, and requests go on
coming in.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from fulfillment.bundles.answer import answer_of
from fulfillment.bundles.base import Heartbeat, formats_in_order
from fulfillment.bundles.errors import BundleDamaged
from fulfillment.bundles.language import spoken
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.pack import Packing, sha256_of
from fulfillment.findings.release.kept import KeptRecords
from fulfillment.findings.store import OpenFiles
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.errors import StoreAway, StoreFull
from requests_app.encryption.files import create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.errors import DomainError
from requests_app.leases.lease import Lease, LeaseLost, take
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, make_move
from requests_app.lifecycle.states import RequestState

log = logging.getLogger(__name__)
SYSTEM = Actor.system("fulfillment")
MOST_ATTEMPTS = 6
WAIT, WAIT_FOR_ROOM = timedelta(seconds=10), timedelta(minutes=1)
CUT_OFF = "The copy was cut off several times while it was put together. Please look at the worker."


def build_bundle(*, bundle_id: UUID | str, at: datetime) -> bool:
    """Work on one row; returns whether it is complete now.

    Two workers, a redelivered message or a holder that was too slow do no harm: only the last lease may
    publish.
    """
    lease = take(Bundle, bundle_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return False
    bundle = Bundle.objects.select_related("subject_request__submission").get(pk=bundle_id)
    if lease.attempt > MOST_ATTEMPTS:
        _fail(lease, bundle, bundle.last_error or CUT_OFF, at=at)
        return False
    try:
        packing = _packed(bundle, lease, at=at)
        return _publish(bundle, lease, packing, at=at)
    except LeaseLost:
        log.warning("A build was overtaken by a later attempt", extra={"bundle": str(bundle.pk)})
        current_store().delete(bundle.store_name)
    except (StoreFull, StoreAway) as trouble:
        # Room and store come back without us, so that no attempt is used up.
        _again(lease, str(trouble), after=WAIT_FOR_ROOM, forgive=True)
    except DomainError as failure:
        if lease.attempt == MOST_ATTEMPTS:
            _fail(lease, bundle, failure.sentence, at=at)
        else:
            _again(lease, failure.sentence, after=WAIT * 2**lease.attempt)
    return False


def _packed(bundle: Bundle, lease: Lease, *, at: datetime) -> Packing:
    _name_the_file(bundle, lease)
    beat, key = _paced(lease), bytes(bundle.wrapped_key)
    store = current_store()
    with _collector_at_rest(), OpenFiles() as files, KeptRecords(beat) as kept:
        with translation.override(spoken(bundle.subject_request.language)):
            contents = answer_of(bundle, at=at, read=files.blocks_of, keep=kept.keep)
        packing = Packing(
            contents,
            formats_in_order(),
            beat=beat,
            volume_size=settings.BUNDLE_PART_SIZE * 1_000_000,
        )
        with create_sealed(store, name=bundle.store_name, wrapped_key=key) as sink:
            for chunk in packing.stream():
                sink.write(chunk)
    with open_sealed(store, name=bundle.store_name, wrapped_key=key) as written:
        if sha256_of(written.chunks(), beat=beat) != packing.sha256:
            store.delete(bundle.store_name)
            raise BundleDamaged("The copy could not be read back from the store as it was written.")
    return packing


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Records are trees, which end with their last name: looking for cycles among millions of them is a tenth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _name_the_file(bundle: Bundle, lease: Lease) -> None:
    """Write down the new file's name before the file: what a killed attempt leaves is found by it."""
    left = bundle.store_name
    bundle.store_name = new_name()
    bundle.wrapped_key = wrapped_file_key(name=bundle.store_name)
    lease.write(store_name=bundle.store_name, wrapped_key=bundle.wrapped_key)
    if left:
        current_store().delete(left)


def _publish(bundle: Bundle, lease: Lease, packing: Packing, *, at: datetime) -> bool:
    with transaction.atomic():
        # The request first, as everywhere: two callers meet at its lock and not at each other's.
        subject_request = locked(bundle.subject_request_id)
        if subject_request.state != RequestState.PREPARING:
            raise LeaseLost("The copy is no longer wanted.")
        rows, parts = packing.manifest["record_count"], len(packing.parts)
        lease.done(
            state=BundleState.COMPLETE,
            built_at=at,
            size=packing.size,
            sha256=packing.sha256,
            manifest=packing.manifest,
            shape=packing.shape,
            volumes=packing.volumes,
            row_count=rows,
            part_count=parts,
        )
        facts = {"number": bundle.number, "parts": parts, "rows": rows}
        record(event="bundle.built", target=subject_request, by=SYSTEM, at=at, facts=facts)
        make_move(subject_request, move=Move.BUNDLE_BUILT, by=SYSTEM, at=at)
    return True


def _paced(lease: Lease) -> Heartbeat:
    """A heartbeat that may be called for every block and writes to the database only now and then."""
    every, last = lease.length.total_seconds() / 10, monotonic()

    def beat() -> None:
        nonlocal last
        if monotonic() - last >= every:
            last = monotonic()
            lease.beat()

    return beat


def _again(lease: Lease, reason: str, *, after: timedelta, forgive: bool = False) -> None:
    with suppress(LeaseLost), lease.settled():
        if forgive:
            Bundle.objects.filter(pk=lease.pk).update(attempts=lease.attempt - 1)
        lease.again(after=after, error=reason)


def _fail(lease: Lease, bundle: Bundle, reason: str, *, at: datetime) -> None:
    with suppress(LeaseLost), lease.settled():
        Bundle.objects.filter(pk=bundle.pk).update(state=BundleState.FAILED)
        lease.give_up(error=reason)
        record(event="bundle.failed", target=bundle.subject_request, by=SYSTEM, at=at, facts={"why": reason})
    if bundle.store_name:
        current_store().delete(bundle.store_name)
