"""The person shows who they are, on their own pages."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from requests_app.identity.lapse import lapse_unconfirmed
from requests_app.identity.models import Evidence, ProofState
from requests_app.identity.uploads import LARGEST
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks
from tests.issuer import CLIENT, SECRET, Issuer
from tests.proofs import ANSWERS, SIGNED, asked_for_another, confirmed, given, picture, upload, waiting
from tests.requests_app.portal.conftest import Mailed

pytestmark = pytest.mark.django_db
Opened = Callable[[SubjectRequest], Client]
YOURS = "/requests/yours/"
WAYS = f"{YOURS}proof/"
MATCH = f"{WAYS}data_match/"
DOCUMENT = f"{WAYS}document/"


def _text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_after_the_code_the_person_sees_what_is_still_needed_and_why(client: Client, mailed: Mailed) -> None:
    asked = ada_asks(place="US-CA", at=timezone.now())
    pair = {"reference": asked.reference, "code": mailed(asked)["code"]}
    page = client.post("/requests/", pair, follow=True).content.decode()
    assert "Show that it is you" in page
    assert "Your address is confirmed" in page
    ways = _text(client, WAYS)
    assert "11 CCR 7062" in ways
    assert "California Consumer Privacy Act" in ways
    assert "Answer a few questions" in ways
    assert "Show an identity document" in ways
    assert "Sign in to your account" not in ways
    assert asked.subject_email not in ways


def test_whoever_has_shown_enough_has_no_such_task(opened: Opened) -> None:
    client = opened(a_request_in(S.IN_REVIEW))
    assert client.get(WAYS)["Location"] == "/requests/yours/"
    assert client.get(MATCH)["Location"] == "/requests/yours/"
    assert "Show that it is you" not in _text(client, "/requests/yours/")


def test_without_a_code_there_is_only_the_way_in(client: Client) -> None:
    for url in (WAYS, MATCH, DOCUMENT, f"{WAYS}signed-in/?code=x&state=y"):
        assert client.get(url)["Location"] == "/requests/"
    for url in (MATCH, f"{WAYS}sign-in/", f"{WAYS}{uuid4()}/", "/requests/yours/instead/"):
        assert client.post(url)["Location"] == "/requests/"


def test_answers_are_sealed_and_wait_for_the_staff(opened: Opened) -> None:
    asked = waiting()
    client = opened(asked)
    page = _text(client, MATCH)
    assert "under penalty of perjury under the laws of the State of California" in page
    assert "deleted after 30 days" in page
    assert client.post(MATCH, {**ANSWERS, **SIGNED})["Location"] == "/requests/yours/"
    proof = asked.verifications.get()
    assert proof.state == ProofState.GIVEN
    kept = proof.evidence.get().answers
    assert kept["points"] == ANSWERS
    assert kept["signature"] == "Ada Åström"
    assert "penalty of perjury" in kept["declared"]
    assert "We are looking at it" in _text(client, "/requests/yours/")
    assert SubjectRequest.objects.get(pk=asked.pk).identity_level == IdentityLevel.CHANNEL


def test_elsewhere_nobody_swears(opened: Opened) -> None:
    asked = ada_asks()
    SubjectRequest.objects.filter(pk=asked.pk).update(is_sensitive=True)
    confirmed(asked)
    page = _text(opened(asked), MATCH)
    assert "I declare that I am the person" in page
    assert "perjury" not in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (SIGNED | {"last_invoice": "INV-1"}, "Answer at least two"),
        (ANSWERS | {"declared": "on"}, "Type your full name"),
        (ANSWERS | {"signature": "Ada"}, "Tick the declaration"),
        (ANSWERS | SIGNED | {"last_invoice": "x" * 500}, "Shorten this to 200"),
        (ANSWERS | SIGNED | {"last_invoice": "a\0b"}, "cannot be stored"),
        ({}, "There is a problem with"),
    ],
)
def test_what_is_missing_is_said(opened: Opened, sent: dict[str, str], said: str) -> None:
    asked = waiting()
    page = opened(asked).post(MATCH, sent)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not asked.verifications.exists()


def test_a_document_is_taken_and_what_may_be_covered_is_said(opened: Opened) -> None:
    asked = waiting()
    client = opened(asked)
    page = _text(client, DOCUMENT)
    assert "Cover everything but your name" in page
    assert "deleted as soon as we have decided" in page
    assert 'enctype="multipart/form-data"' in page
    assert client.post(DOCUMENT, {"file": upload()})["Location"] == "/requests/yours/"
    kept = Evidence.objects.get()
    assert kept.media_type == "image/jpeg"
    assert kept.store_name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"my passport", "no picture or PDF"),
        (b"\xff\xd8\xff" + b"\0" * (LARGEST + 1), "larger than 8 MB"),
        (b"<svg onload=alert(1)>", "no picture or PDF"),
    ],
)
def test_other_files_are_refused_in_words_and_not_kept(opened: Opened, content: bytes, said: str) -> None:
    asked = waiting()
    page = opened(asked).post(DOCUMENT, {"file": SimpleUploadedFile("p.jpg", content, "image/jpeg")})
    assert page.status_code in (400, 422)
    assert said in page.content.decode()
    assert not asked.verifications.exists()


def test_an_odd_name_of_a_file_is_never_used(opened: Opened) -> None:
    asked = waiting()
    name = "../../etc/‮gnp.exe" + "x" * 300
    assert opened(asked).post(DOCUMENT, {"file": SimpleUploadedFile(name, picture())}).status_code == 302
    assert len(Evidence.objects.get().store_name) == 32


def test_two_files_at_once_are_refused(opened: Opened) -> None:
    page = opened(waiting()).post(DOCUMENT, {"file": [upload(), upload()]})
    assert page.status_code == 400


@pytest.mark.parametrize("key", ["mailed_code", "guardian_proof", "signed_in_account", "nonsense"])
def test_a_way_that_is_not_offered_is_not_there(opened: Opened, key: str) -> None:
    asked = waiting()
    client = opened(asked)
    for answer in (client.get(f"{WAYS}{key}/"), client.post(f"{WAYS}{key}/", {**ANSWERS, **SIGNED})):
        assert answer.status_code == 404
        assert "not offered" in answer.content.decode()
    assert not asked.verifications.exists()


def test_a_proof_is_taken_back_and_only_ones_own(opened: Opened) -> None:
    mine, other = waiting(), waiting(email="bob@example.org")
    own, foreign = given(mine), given(other)
    client = opened(mine)
    assert client.post(f"{WAYS}{foreign.pk}/").status_code == 404
    assert client.post(f"{WAYS}{own.pk}/")["Location"] == WAYS
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.state, foreign.state) == (ProofState.WITHDRAWN, ProofState.GIVEN)
    assert client.get(f"{WAYS}{own.pk}/").status_code == 405


def test_the_link_in_the_mail_says_that_more_is_needed(client: Client, mailed: Mailed) -> None:
    asked = ada_asks(place="US-CA", at=timezone.now())
    link = mailed(asked)["link"].partition("/confirm/")[2]
    page = client.post(f"/confirm/{link}", follow=True).content.decode()
    assert "One more thing is needed from you" in page
    assert "nothing more is needed" not in page
    assert "One more step" in asked.messages.get(notice="proof_needed").subject


def test_a_new_code_for_who_has_confirmed_already_opens_the_pages_and_proves_nothing_again(
    client: Client, mailed: Mailed
) -> None:
    asked = waiting()
    before = SubjectRequest.objects.get(pk=asked.pk).state_since
    client.post("/requests/new-code/", {"reference": asked.reference})
    pair = {"reference": asked.reference, "code": mailed(asked)["code"]}
    assert client.post("/requests/", pair)["Location"] == "/requests/yours/"
    after = SubjectRequest.objects.get(pk=asked.pk)
    assert (after.state_since, after.identity_level) == (before, IdentityLevel.CHANNEL)


def test_for_an_agent_the_person_is_asked_whether_they_want_it(opened: Opened, mailed: Mailed) -> None:
    asked = asked_for_another(Asker.AGENT)
    assert asked.messages.get().to_address == "ada@example.org"
    client = opened(confirmed(asked))
    page = _text(client, WAYS)
    assert "Somebody asks for you" in page
    assert "Confirm that somebody may ask for you" in page
    assert "Please confirm that somebody may ask for you</h1>" in _text(client, YOURS)
    assert client.post(f"{WAYS}agent_mandate/", {"agreed": "on", "signature": "Ada"}).status_code == 302
    assert asked.verifications.get().method == "agent_mandate"


def test_an_agent_gets_no_letter_and_no_code(mailed: Mailed) -> None:
    asked = confirmed(asked_for_another(Asker.AGENT))
    assert {each.to_address for each in asked.messages.all()} == {"ada@example.org"}


def test_a_guardian_gets_the_code_and_shows_a_paper(opened: Opened) -> None:
    asked = asked_for_another(Asker.GUARDIAN)
    assert asked.messages.get().to_address == "olga@example.net"
    client = opened(confirmed(asked))
    page = _text(client, WAYS)
    assert "Show that you look after the child" in page
    assert "identity document" not in page
    page = _text(client, YOURS)
    assert "Please show that you look after the child</h1>" in page
    assert "confirm that it is you" not in page
    sent = {"is_guardian": "on", "signature": "Olga Other", "file": upload()}
    assert client.post(f"{WAYS}guardian_proof/", sent).status_code == 302
    page = _text(client, YOURS)
    assert "We are looking at what you gave us</h1>" in page
    assert "Show that you look after the child" in page
    assert "Show that it is you" not in page
    assert client.post(f"{WAYS}guardian_proof/", {"is_guardian": "on"}).status_code == 422


def test_after_a_lapsed_deletion_in_california_one_button_opens_the_opt_out(opened: Opened) -> None:
    asked = ada_asks(right="deletion", place="US-CA")
    lapse_unconfirmed(at=NOON + timedelta(days=15))
    client = opened(asked)
    assert "What you can have without any proof" in _text(client, "/requests/yours/")
    assert client.get("/requests/yours/instead/").status_code == 405
    for _ in range(2):
        assert client.post("/requests/yours/instead/")["Location"] == "/requests/yours/"
    opened_instead = SubjectRequest.objects.get(linked_to=asked)
    assert (opened_instead.right, opened_instead.state) == ("opt_out_sale_share", S.EXECUTING)
    page = _text(client, "/requests/yours/")
    assert opened_instead.reference in page


def test_elsewhere_the_button_does_nothing(opened: Opened) -> None:
    asked = ada_asks(right="deletion")
    lapse_unconfirmed(at=NOON + timedelta(days=15))
    client = opened(asked)
    assert "without any proof" not in _text(client, "/requests/yours/")
    client.post("/requests/yours/instead/")
    assert SubjectRequest.objects.count() == 1


def test_an_unknown_reference_is_answered_as_one_that_has_more_to_show(client: Client) -> None:
    asked = waiting()
    answers = [
        client.post("/requests/new-code/", {"reference": reference}, follow=True).content
        for reference in (asked.reference, "OM-2222-2222")
    ]
    assert answers[0] == answers[1]


@pytest.fixture
def issuer(settings: Settings) -> Iterator[Issuer]:
    with Issuer() as issuer:
        settings.SIGN_IN_ISSUER = issuer.url
        settings.SIGN_IN_CLIENT_ID, settings.SIGN_IN_CLIENT_SECRET = CLIENT, SECRET
        yield issuer


def _goes_to_sign_in(client: Client) -> str:
    assert client.get(f"{WAYS}sign-in/").status_code == 405
    page = client.post(f"{WAYS}sign-in/").content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_a_sign_in_at_the_company_carries_the_request_on(opened: Opened, issuer: Issuer) -> None:
    asked = waiting("deletion")
    client = opened(asked)
    assert "Sign in to your account" in _text(client, WAYS)
    assert "You come back here by yourself" in _text(client, f"{WAYS}signed_in_account/")
    answer = issuer.signed_in(_goes_to_sign_in(client))
    assert client.get(f"{WAYS}signed-in/", answer)["Location"] == "/requests/yours/"
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW


def test_the_answer_is_good_once_and_for_the_request_that_asked(opened: Opened, issuer: Issuer) -> None:
    mine, other = waiting("deletion"), waiting("deletion", email="bob@example.org")
    client = opened(mine)
    answer = issuer.signed_in(_goes_to_sign_in(client))
    assert opened(other).get(f"{WAYS}signed-in/", answer).status_code == 400
    assert Client().get(f"{WAYS}signed-in/", answer)["Location"] == "/requests/"
    for asked in (mine, other):
        assert SubjectRequest.objects.get(pk=asked.pk).state == S.AWAITING_IDENTITY


def test_another_account_is_told_so(opened: Opened, issuer: Issuer) -> None:
    asked = waiting("deletion")
    client = opened(asked)
    issuer.lies = {"email": "bob@example.org"}
    page = client.get(f"{WAYS}signed-in/", issuer.signed_in(_goes_to_sign_in(client)))
    assert page.status_code == 409
    assert "with another mail address" in page.content.decode()
    assert "bob@example.org" not in page.content.decode()
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.AWAITING_IDENTITY


def test_an_issuer_that_is_away_leaves_the_other_ways(opened: Opened, issuer: Issuer) -> None:
    client = opened(waiting("deletion"))
    issuer.status = 500
    page = client.post(f"{WAYS}sign-in/")
    assert page.status_code == 502
    assert "Answer a few questions" in page.content.decode()
