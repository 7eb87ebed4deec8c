"""The ways in: link, code, new code."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.identity.models import MailedCode
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import ada_asks
from tests.requests_app.portal.conftest import Mailed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> SubjectRequest:
    """A request that waits for its confirmation since a moment ago."""
    return ada_asks(at=timezone.now())


def _path(mailed: dict[str, str]) -> str:
    return "/" + mailed["link"].split("/", 3)[3]


def _state(subject_request: SubjectRequest) -> str:
    return SubjectRequest.objects.get(pk=subject_request.pk).state


def test_looking_at_the_link_changes_nothing_and_its_button_confirms_once(
    client: Client, asked: SubjectRequest, mailed: Mailed
) -> None:
    link = _path(mailed(asked))
    for _scan in range(50):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert _state(asked) == S.AWAITING_IDENTITY
    assert client.post(link)["Location"] == link
    assert _state(asked) == S.IN_REVIEW
    again = client.get(link)
    assert again.status_code == 200
    assert "Your request is confirmed" in again.content.decode()
    assert "Your request is confirmed" in client.post(link, follow=True).content.decode()


def test_a_tampered_link_is_refused_with_a_sentence(
    client: Client, asked: SubjectRequest, mailed: Mailed
) -> None:
    link = _path(mailed(asked))
    for broken in (
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        link[:-4],
        "/confirm/%00",
        "/confirm/" + "x" * 999,
    ):
        for answer in (client.get(broken), client.post(broken)):
            assert answer.status_code == 404
            assert "This link is not complete" in answer.content.decode()
    assert _state(asked) == S.AWAITING_IDENTITY


def test_an_expired_link_says_so_and_offers_a_new_one(
    client: Client, asked: SubjectRequest, mailed: Mailed
) -> None:
    link = _path(mailed(asked))
    MailedCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(link)
    assert page.status_code == 410
    assert "has expired" in page.content.decode()
    assert 'action="/requests/new-code/"' in page.content.decode()
    assert client.post(link).status_code == 410


def test_reference_and_code_confirm_and_open(client: Client, asked: SubjectRequest, mailed: Mailed) -> None:
    before = client.get("/requests/").cookies.get("sessionid")
    pair = {"reference": f" {asked.reference.lower()} ", "code": mailed(asked)["code"].lower()}
    assert client.post("/requests/", pair)["Location"] == "/requests/yours/"
    assert _state(asked) == S.IN_REVIEW
    assert asked.reference in client.get("/requests/yours/").content.decode()
    assert before is None or client.cookies["sessionid"].value != before.value


def test_a_wrong_pair_and_an_unknown_one_look_alike(client: Client, asked: SubjectRequest) -> None:
    pages = []
    for reference in (asked.reference, "OM-2222-2222", "nonsense"):
        answer = client.post("/requests/", {"reference": reference, "code": "AAAA2222"})
        token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
        pages.append((answer.status_code, token.sub("", answer.content.decode()).replace(reference, "REF")))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 400
    assert "do not match" in pages[0][1]


def test_the_sixth_wrong_code_of_a_day_is_told_to_wait(
    client: Client, asked: SubjectRequest, mailed: Mailed
) -> None:
    for _try in range(5):
        client.post("/requests/", {"reference": asked.reference, "code": "AAAA2222"})
    answer = client.post("/requests/", {"reference": asked.reference, "code": mailed(asked)["code"]})
    assert answer.status_code == 429
    assert "try again tomorrow" in answer.content.decode()


def test_empty_fields_are_named(client: Client) -> None:
    page = client.post("/requests/", {"reference": "", "code": "A\0"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "<title>Error:" in text
    assert "Enter your reference" in text
    assert "cannot be stored" in text


@pytest.mark.parametrize("known", [True, False])
def test_a_new_code_is_asked_for_in_the_same_words_for_every_reference(
    client: Client, asked: SubjectRequest, known: bool
) -> None:
    reference = asked.reference if known else "OM-2222-2222"
    answer = client.post("/requests/new-code/", {"reference": reference})
    assert answer["Location"] == "/requests/code-sent/"
    assert asked.messages.count() == (2 if known else 1)
    assert "If there is a request with this reference" in client.get("/requests/code-sent/").content.decode()


def test_a_new_code_needs_a_reference(client: Client) -> None:
    assert client.post("/requests/new-code/", {"reference": ""}).status_code == 422
    assert client.get("/requests/new-code/").status_code == 405
