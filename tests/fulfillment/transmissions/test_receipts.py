"""What the other service says it received is held against what we sent; silence is never called a receipt."""

from datetime import timedelta

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions import send
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from requests_app.leases.models import WorkState
from requests_app.letters.models import Letter
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.fulfillment.transmissions.cast import (
    KNOWN_AS,
    NAME,
    again,
    approved,
    base64_of,
    due_now,
    ended,
    sent,
    told,
)
from tests.fulfillment.transmissions.receiver import OFFER, STATUS, UPLOAD, Receiver

pytestmark = pytest.mark.django_db


def test_a_receipt_for_another_file_is_never_called_received(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.receipt = lambda receipt: {"receipt": {**receipt, "sha256": "0" * 64}}
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.DISPUTED, Why.OTHER_DIGEST)
    assert "did not confirm" in told().text
    assert SubjectRequest.objects.get(pk=bundle.subject_request_id).state == RequestState.READY


@pytest.mark.parametrize("lie", [{"size": 1}, {"transmission": "another"}, {"sha256": None}])
def test_a_receipt_must_fit_in_every_word(bundle: Bundle, receiver: Receiver, lie: dict[str, object]) -> None:
    receiver.manners.receipt = lambda receipt: {"receipt": {**receipt, **lie}}
    assert ended(sent(approved(bundle, receiver.url))) == (S.DISPUTED, Why.OTHER_DIGEST)


def test_a_signed_receipt_is_held_against_the_key_they_named(bundle: Bundle, receiver: Receiver) -> None:
    theirs = Ed25519PrivateKey.generate()
    receiver.manners.terms = {"receipt_key": base64_of(theirs.public_key().public_bytes_raw())}
    receiver.manners.receipt = lambda receipt: {
        "receipt": receipt,
        "signature": base64_of(theirs.sign(rfc8785.dumps(receipt))),
    }
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.RECEIVED, "")
    assert found.receipt_is_signed


@pytest.mark.parametrize("signature", ["", "AAAA", "not base64", 5])
def test_a_receipt_whose_signature_does_not_fit_is_disputed(
    bundle: Bundle, receiver: Receiver, signature: object
) -> None:
    theirs = Ed25519PrivateKey.generate()
    receiver.manners.terms = {"receipt_key": base64_of(theirs.public_key().public_bytes_raw())}
    receiver.manners.receipt = lambda receipt: {"receipt": receipt, "signature": signature}
    assert ended(sent(approved(bundle, receiver.url))) == (S.DISPUTED, Why.BAD_RECEIPT)


def test_without_a_receipt_and_a_place_to_ask_it_is_sent_and_not_confirmed(
    bundle: Bundle, receiver: Receiver
) -> None:
    receiver.manners.terms = {"status": ""}
    receiver.manners.receipt = lambda receipt: {}
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.UNCONFIRMED, Why.NO_RECEIPT)
    assert found.sent_at is not None
    assert "did not confirm" in told().text
    assert SubjectRequest.objects.get(pk=bundle.subject_request_id).state == RequestState.READY


def test_a_receipt_that_comes_later_is_asked_for_and_nothing_is_sent_twice(
    bundle: Bundle, receiver: Receiver
) -> None:
    receiver.manners.answers = {
        UPLOAD: [(202, {"state": "checking"})],
        STATUS: [(200, {"state": "checking"})],
    }
    found = sent(approved(bundle, receiver.url))
    assert (found.work_state, found.attempts) == (WorkState.WAITING, 0)
    receiver.held.clear()
    found = again(found)
    assert found.transmission.state == S.APPROVED
    receiver.manners.answers[STATUS] = [
        (200, {"receipt": {"transmission": str(found.pk), "sha256": found.sha256, "size": found.size}})
    ]
    found = again(found)
    assert ended(found) == (S.RECEIVED, "")
    assert len(receiver.calls(UPLOAD)) == 1


def test_a_receipt_that_never_comes_is_not_waited_for_longer_than_a_week(
    bundle: Bundle, receiver: Receiver
) -> None:
    receiver.manners.answers = {
        UPLOAD: [(202, {})],
        STATUS: [(200, {"state": "checking"}), (200, {"state": "checking"})],
    }
    found = sent(approved(bundle, receiver.url))
    due_now(found)
    Sending.objects.filter(pk=found.pk).update(sent_at=timezone.now() - timedelta(days=8))
    found = again(found)
    assert ended(found) == (S.UNCONFIRMED, Why.NO_RECEIPT)


def test_a_service_that_forgets_is_not_sent_it_for_ever(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {UPLOAD: [(202, {})] * 9, STATUS: [(404, {})] * 9}
    found = sent(approved(bundle, receiver.url))
    for _ in range(6):
        found = again(found)
    assert ended(found) == (S.UNCONFIRMED, Why.NO_RECEIPT)
    assert len(receiver.calls(UPLOAD)) <= 1 + send.MOST_FORGOTTEN


def test_what_they_refuse_after_taking_it_is_a_refusal(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {UPLOAD: [(202, {})], STATUS: [(200, {"state": "refused"})]}
    found = sent(approved(bundle, receiver.url))
    assert ended(again(found)) == (S.DECLINED, Why.NOT_TAKEN)


def test_a_receipt_that_is_lost_on_the_way_is_asked_for(bundle: Bundle, receiver: Receiver) -> None:
    """All of it arrived, and the line broke before the answer: nothing is sent twice, and the person is told once."""

    def hang_up() -> None:
        raise ConnectionAbortedError

    receiver.manners.before_answer = hang_up
    found = sent(approved(bundle, receiver.url))
    assert (found.transmission.state, found.sent_at) == (S.APPROVED, None)
    assert ended(again(found)) == (S.RECEIVED, "")
    assert len(receiver.calls(UPLOAD)) == 1
    assert told()


def test_the_letter_names_the_service_the_package_and_its_receipt(bundle: Bundle, receiver: Receiver) -> None:
    key = Ed25519PrivateKey.generate()
    public = base64_of(key.public_key().public_bytes_raw())
    receiver.manners.terms = {"receipt_key": public}
    receiver.manners.receipt = lambda receipt: {
        "receipt": receipt,
        "signature": base64_of(key.sign(rfc8785.dumps(receipt))),
    }
    found = sent(approved(bundle, receiver.url))
    letter = Letter.objects.get(kind="service_received")
    assert letter.is_certificate
    for words in (NAME, receiver.url, KNOWN_AS, found.sha256, str(found.pk), public, "Yes, with the key"):
        assert words in letter.text
    # A key or a signature may hold these three letters.
    assert "* Why\n" not in letter.text
    # The mail says none of it.
    assert NAME not in told().text
    # The request is answered by that, of which there is a letter of its own.
    assert Letter.objects.filter(kind="copy_handed_over").count() == 1


@pytest.mark.parametrize(
    ("answers", "kind", "words"),
    [
        ({OFFER: [(413, {})]}, "service_without", "larger than the other service takes"),
        ({UPLOAD: [(403, {})]}, "service_without", "we cannot say that no part of it arrived"),
        ({UPLOAD: [(201, {"receipt": {"sha256": "0" * 64}})]}, "service_unconfirmed", "names another file"),
    ],
)
def test_a_letter_says_why_nothing_or_nothing_certain_was_handed_over(
    bundle: Bundle, receiver: Receiver, answers: dict[str, list[object]], kind: str, words: str
) -> None:
    receiver.manners.answers = answers  # type: ignore[assignment]
    sent(approved(bundle, receiver.url))
    letter = Letter.objects.get(kind=kind)
    assert words in letter.text
    assert NAME in letter.text
    assert not letter.is_certificate
