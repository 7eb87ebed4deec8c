"""A worker that is killed while a copy is on its way to another controller: it arrives once, and is known to."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.states import TransmissionState as S
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from tests.fulfillment.transmissions.authority import Authority
from tests.fulfillment.transmissions.cast import approved, fresh, released_move
from tests.fulfillment.transmissions.receiver import OFFER, STATUS, UPLOAD, Receiver
from tests.journeys.sweeping import sweep_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
Hire = Callable[..., RealWorker]


@pytest.fixture
def receiver(settings: Settings, worker_environment: dict[str, str], tmp_path: Path) -> Iterator[Receiver]:
    """A service that the workers, too, may send to."""
    authority = Authority(tmp_path)
    with Receiver(authority.certify("localhost")) as found:
        settings.OUTBOUND_CA_FILE, settings.PORTABILITY_ALLOWED_HOSTS = str(authority.file), [found.place]
        worker_environment["OUTBOUND_CA_FILE"] = str(authority.file)
        worker_environment["PORTABILITY_ALLOWED_HOSTS"] = found.place
        yield found


@pytest.fixture
def bundle(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A released copy; its letter is not sent."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    return released_move()


def _its_lease_is_over(sending: Sending) -> None:
    Sending.objects.filter(pk=sending.pk).update(leased_until=Now() - timedelta(seconds=1))


@pytest.mark.parametrize("terms", [{}, {"status": ""}, {"resumable": True, "piece_bytes": 300}])
def test_killed_between_the_last_byte_and_the_receipt(
    terms: dict[str, object], bundle: Bundle, receiver: Receiver, hire_worker: Hire
) -> None:
    """Where the protocol lets us ask, nothing is sent twice; where not, it bears the same key."""
    reached, gate = threading.Event(), threading.Event()
    receiver.manners.terms = terms

    def stop_at_the_last() -> None:
        if receiver.heard[-1].headers.get("upload-complete") != "?0":
            reached.set()
            gate.wait(60)

    receiver.manners.before_answer = stop_at_the_last
    sending = approved(bundle, receiver.url)
    worker = hire_worker()
    sweep_until(reached.is_set)
    worker.kill()
    gate.set()
    sent_before = len(receiver.calls(UPLOAD))
    assert fresh(sending).transmission.state == S.APPROVED
    _its_lease_is_over(sending)
    hire_worker()
    sweep_until(lambda: fresh(sending).transmission.state == S.RECEIVED)

    assert len(receiver.calls(UPLOAD)) - sent_before == (1 if "status" in terms else 0)
    assert bool(receiver.calls(STATUS)) == ("status" not in terms)
    assert len(receiver.calls(OFFER)) == 1
    assert {each.headers["idempotency-key"] for each in receiver.heard} == {str(sending.pk)}
    assert AuditEntry.objects.filter(event="transmission.received").count() == 1
    assert Message.objects.filter(notice="transmission_ended").count() == 1


def _gone_on(sending: Sending, hire_worker: Hire) -> None:
    """Another worker goes on when the lease of the one that was killed is over."""
    _its_lease_is_over(sending)
    hire_worker()
    sweep_until(lambda: fresh(sending).transmission.state == S.RECEIVED)


def test_killed_before_a_byte_of_it_left(bundle: Bundle, receiver: Receiver, hire_worker: Hire) -> None:
    """The offer was read and not answered: nothing of the person is there yet, and it is offered once more."""
    reached, gate = threading.Event(), threading.Event()

    def stop() -> None:
        reached.set()
        gate.wait(60)

    receiver.manners.before_terms = stop
    sending = approved(bundle, receiver.url)
    worker = hire_worker()
    sweep_until(reached.is_set)
    worker.kill()
    gate.set()
    assert (receiver.calls(UPLOAD), fresh(sending).begun_at) == ([], None)
    _gone_on(sending, hire_worker)

    assert len(receiver.calls(OFFER)) == 2
    assert len(receiver.calls(UPLOAD)) == 1
    assert {each.headers["idempotency-key"] for each in receiver.heard} == {str(sending.pk)}
    assert Message.objects.filter(notice="transmission_ended").count() == 1


def test_killed_in_the_middle_of_sending(bundle: Bundle, receiver: Receiver, hire_worker: Hire) -> None:
    """The next one asks how much arrived, and sends the rest; all of it together is what was packed."""
    reached, gate = threading.Event(), threading.Event()
    receiver.manners.terms = {"resumable": True, "piece_bytes": 300}

    def stop_at_the_second() -> None:
        if len(receiver.calls(UPLOAD)) == 2:
            reached.set()
            gate.wait(60)

    receiver.manners.before_answer = stop_at_the_second
    sending = approved(bundle, receiver.url)
    worker = hire_worker()
    sweep_until(reached.is_set)
    worker.kill()
    gate.set()
    before = fresh(sending)
    assert before.begun_at is not None
    assert before.sent_at is None
    _gone_on(sending, hire_worker)

    after = fresh(sending)
    assert bytes(receiver.held[str(sending.pk)])[:2] == b"PK"
    assert hashlib.sha256(receiver.held[str(sending.pk)]).hexdigest() == after.sha256 == before.sha256
    offsets = [int(each.headers["upload-offset"]) for each in receiver.calls(UPLOAD)]
    assert offsets == sorted(set(offsets)), "no piece that had arrived was sent again"
    assert receiver.calls(STATUS)
    assert AuditEntry.objects.filter(event="transmission.received").count() == 1
