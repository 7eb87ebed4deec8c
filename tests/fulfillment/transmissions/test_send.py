"""Sending a copy: offered, uploaded, receipted, tried again and given up, as the other service sees it."""

import io
import json
import threading
import time
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.bundles.verify import verify_bundle
from fulfillment.transmissions import conversation, send
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.encryption.signing import own_public_key
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.fulfillment.transmissions.cast import (
    KNOWN_AS,
    NAME,
    again,
    approved,
    base64_of,
    ended,
    fresh,
    released_move,
    sent,
    told,
)
from tests.fulfillment.transmissions.receiver import OFFER, UPLOAD, Heard, Receiver

pytestmark = pytest.mark.django_db


def test_the_receipt_answers_the_request(bundle: Bundle, receiver: Receiver) -> None:
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.RECEIVED, "")
    assert found.receipt["sha256"] == found.sha256
    assert not found.receipt_is_signed
    asked = SubjectRequest.objects.get(pk=bundle.subject_request_id)
    assert asked.state == RequestState.COMPLETED
    assert "confirmed that it received" in told().text
    assert AuditEntry.objects.filter(event="transmission.received").count() == 1


def test_only_what_the_person_may_move_is_sent_as_it_was_published(
    bundle: Bundle, receiver: Receiver
) -> None:
    found = sent(approved(bundle, receiver.url))
    (held,) = receiver.held.values()
    archive = zipfile.ZipFile(io.BytesIO(held))
    assert set(archive.namelist()) == {
        "data/shop/people.csv",
        "data/shop/people.jsonl",
        "manifest.json",
        "manifest.sig",
    }
    published = {part["name"]: part["sha256"] for part in bundle.manifest["parts"]}
    manifest = json.loads(archive.read("manifest.json"))
    assert {part["name"]: part["sha256"] for part in manifest["parts"]}.items() <= published.items()
    assert b"canary" not in b"".join(archive.read(name) for name in archive.namelist())
    assert bundle.subject_request.reference.encode() not in bytes(held)
    assert manifest["transmission"] == str(found.pk)
    assert verify_bundle(io.BytesIO(held), key=own_public_key()).is_intact


def test_the_offer_says_who_and_how_much_and_nothing_of_the_person(
    bundle: Bundle, receiver: Receiver
) -> None:
    found = sent(approved(bundle, receiver.url))
    (offer,) = receiver.calls(OFFER)
    assert offer.said["package"]["size"] == found.size
    assert offer.said["package"]["sha256"] == found.sha256
    assert offer.said["known_to_you_as"] == KNOWN_AS
    assert "ada" not in json.dumps(offer.said).lower()
    assert NAME not in json.dumps(offer.said)


@pytest.mark.parametrize("terms", [{}, {"resumable": True, "piece_bytes": 400}])
def test_every_call_is_signed_over_all_that_it_says(
    bundle: Bundle, receiver: Receiver, terms: dict[str, object]
) -> None:
    receiver.manners.terms = terms
    found = sent(approved(bundle, receiver.url))
    for heard in receiver.heard:
        _hold_against_the_published_key(heard, str(found.pk))
    assert {each.method for each in receiver.calls(UPLOAD)} == {"PATCH" if terms else "POST"}


def _hold_against_the_published_key(heard: Heard, key: str) -> None:
    own = own_public_key()
    keys = MappingKeyResolver(
        public_keys={own.key_id: Ed25519PublicKey.from_public_bytes(own.raw)}, private_keys={}
    )
    call = SimpleNamespace(method=heard.method, url=heard.url, headers=heard.headers)
    needed = ["@method", "@target-uri", "idempotency-key", "content-digest", "content-length"]
    needed += [name for name in ("upload-offset", "repr-digest") if name in heard.headers]
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=keys)
    needed = needed if heard.method != "GET" else needed[:3]
    assert verifier.verify(call, expect_tag="omne-portability", require_components=needed)
    assert heard.headers["idempotency-key"] == key
    if heard.sha256:
        raw = heard.headers["content-digest"].removeprefix("sha-256=:").removesuffix(":")
        assert raw == base64_of(bytes.fromhex(heard.sha256))


def test_pieces_are_as_large_as_was_agreed_and_go_on_after_a_break(
    bundle: Bundle, receiver: Receiver
) -> None:
    receiver.manners.terms = {"resumable": True, "piece_bytes": 400}
    receiver.manners.most_read = 100
    found = sent(approved(bundle, receiver.url))
    assert found.transmission.state == S.APPROVED
    assert "broke off" in found.last_error
    receiver.manners.most_read = None
    found = again(found)
    assert ended(found) == (S.RECEIVED, "")
    offsets = [int(each.headers["upload-offset"]) for each in receiver.calls(UPLOAD)]
    # The call that was cut off brought the first hundred; they are not sent again.
    assert offsets[0] == 100
    assert all(each.size <= 400 for each in receiver.calls(UPLOAD))
    assert len(receiver.calls(OFFER)) == 1


def test_a_copy_larger_than_they_take_is_not_begun(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.terms = {"max_bytes": 10}
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.DECLINED, Why.TOO_LARGE_FOR_THEM)
    assert receiver.calls(UPLOAD) == []
    assert found.begun_at is None


def test_a_copy_larger_than_we_send_is_not_offered(
    bundle: Bundle, receiver: Receiver, settings: Settings
) -> None:
    settings.PORTABILITY_MAX_BYTES = 10
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.FAILED, Why.TOO_LARGE_FOR_US)
    assert receiver.heard == []


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        (400, S.DECLINED, Why.NOT_TAKEN),
        (403, S.DECLINED, Why.NOT_TAKEN),
        (404, S.DECLINED, Why.NOT_TAKEN),
        (410, S.DECLINED, Why.NOBODY_THERE),
        (413, S.DECLINED, Why.TOO_LARGE_FOR_THEM),
        (301, S.FAILED, Why.SENT_ELSEWHERE),
        (307, S.FAILED, Why.SENT_ELSEWHERE),
    ],
)
@pytest.mark.parametrize("call", [OFFER, UPLOAD])
def test_a_refusal_is_final_and_told_in_neutral_words(
    bundle: Bundle, receiver: Receiver, call: str, status: int, state: S, why: Why
) -> None:
    headers = {"Location": "https://169.254.169.254/latest"}
    receiver.manners.answers[call] = [(status, {"reason": "We take\nnothing"}, headers)]
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (state, why)
    assert found.work_state == WorkState.DEAD
    words = told().text
    assert "was not handed" in words
    assert NAME not in words
    assert "We take" not in words
    if state == S.DECLINED:
        assert found.their_words == "We take nothing"
    heard = len(receiver.heard)
    again(found)
    assert len(receiver.heard) == heard


def test_an_answer_that_says_no_is_a_refusal(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers[OFFER] = [(200, {"accept": False, "reason": "Not our customer"})]
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.DECLINED, Why.NOT_TAKEN)
    assert found.their_words == "Not our customer"


@pytest.mark.parametrize(
    "said",
    [b"[]", b"not json", b"{", b'{"accept": 1}', b'{"accept": true, "upload": 5}', b"[" * 50_000],
)
def test_an_answer_that_is_no_agreement_ends_it(bundle: Bundle, receiver: Receiver, said: bytes) -> None:
    receiver.manners.answers[OFFER] = [(200, said)]
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.FAILED, Why.NOT_UNDERSTOOD)


def test_an_answer_without_end_is_not_read(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers[OFFER] = [(200, b" " * 1_000_000)]
    assert ended(sent(approved(bundle, receiver.url))) == (S.FAILED, Why.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    "upload",
    ["https://169.254.169.254/x", "https://elsewhere.example/x", "http://localhost/x", "//evil.example/x"],
)
def test_the_copy_goes_nowhere_but_to_the_host_that_was_approved(
    bundle: Bundle, receiver: Receiver, upload: str
) -> None:
    receiver.manners.terms = {"upload": upload}
    found = sent(approved(bundle, receiver.url))
    assert ended(found) == (S.FAILED, Why.SENT_ELSEWHERE)
    assert receiver.calls(UPLOAD) == []


def test_a_server_that_fails_is_asked_again_with_the_same_key(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {OFFER: [(503, {}), (500, {})], UPLOAD: [(502, {})]}
    found = sent(approved(bundle, receiver.url))
    assert (found.work_state, found.last_error) == (WorkState.WAITING, "The other service answered 503.")
    found = again(found)
    found = again(found)
    assert found.last_error == "The other service answered 502."
    found = again(found)
    assert ended(found) == (S.RECEIVED, "")
    assert {each.headers["idempotency-key"] for each in receiver.heard} == {str(found.pk)}
    assert not Message.objects.filter(notice="transmission_ended").exclude(pk=told().pk).exists()


def test_we_come_back_no_sooner_than_told(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {OFFER: [(429, {}, {"Retry-After": "7200"})]}
    before = timezone.now()
    found = sent(approved(bundle, receiver.url))
    assert found.next_attempt_at - before >= timedelta(seconds=7199)
    assert found.next_attempt_at - before <= timedelta(hours=3)


def test_after_days_without_an_answer_it_is_given_up(bundle: Bundle, receiver: Receiver) -> None:
    sending = approved(bundle, receiver.url)
    Sending.objects.filter(pk=sending.pk).update(attempts=send.GIVE_UP_AFTER - 1, last_error="Before.")
    receiver.manners.answers = {OFFER: [(503, {})]}
    found = sent(sending)
    assert ended(found) == (S.FAILED, Why.NOT_REACHED)
    assert "was not handed" in told().text


def test_a_copy_that_was_taken_back_is_not_sent(bundle: Bundle, receiver: Receiver) -> None:
    sending = approved(bundle, receiver.url)
    Bundle.objects.filter(pk=bundle.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ended(sent(sending)) == (S.FAILED, Why.COPY_GONE)
    assert receiver.heard == []


def test_a_certificate_of_nobody_we_trust_is_not_spoken_to(
    bundle: Bundle, receiver: Receiver, settings: Settings
) -> None:
    sending = approved(bundle, receiver.url)
    settings.OUTBOUND_CA_FILE = ""
    found = sent(sending)
    assert found.transmission.state == S.APPROVED
    assert "ConnectError" in found.last_error
    assert receiver.heard == []


def test_two_workers_send_it_once(bundle: Bundle, receiver: Receiver) -> None:
    sending = approved(bundle, receiver.url)
    receiver.manners.before_answer = lambda: None
    sent(sending)
    assert not send.send_copy(sending_id=sending.pk, at=timezone.now())
    assert len(receiver.calls(UPLOAD)) == 1
    assert fresh(sending).transmission.state == S.RECEIVED


def test_a_copy_in_several_zips_is_sent_as_one(
    db: None, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BUNDLE_PART_SIZE = 0.000001
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    several = released_move()
    assert len(several.parts) > 2
    found = sent(approved(several, receiver.url))
    assert ended(found) == (S.RECEIVED, "")
    (held,) = receiver.held.values()
    assert verify_bundle(io.BytesIO(held), key=own_public_key()).is_intact
    assert "data/shop/people.jsonl" in zipfile.ZipFile(io.BytesIO(held)).namelist()


def test_an_answer_that_drips_is_not_waited_for(
    bundle: Bundle, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "ANSWER_SECONDS", 0.5)
    sending, never = approved(bundle, receiver.url), threading.Event()
    receiver.manners.drip = lambda: never.wait(0.1)
    began = time.monotonic()
    found = sent(sending)
    assert time.monotonic() - began < 5
    assert (found.work_state, found.transmission.state) == (WorkState.WAITING, S.APPROVED)
    assert "ReadTimeout" in found.last_error


def test_a_service_that_takes_too_slowly_does_not_hold_a_worker(
    bundle: Bundle, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "GRACE_SECONDS", -1.0)
    found = sent(approved(bundle, receiver.url))
    assert found.last_error == "The other service took the copy too slowly."
    assert found.begun_at is not None
    assert found.sent_at is None
