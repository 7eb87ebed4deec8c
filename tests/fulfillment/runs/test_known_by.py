"""The page of what a person is known by: masked, decided by who works the case, closed to everybody else."""

import pytest
from django.test import Client

from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.states import IdentityState
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import a_request_in, ada_asks, piet, rosa
from tests.fulfillment.identities.systems import connect_code, connect_crm

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> SubjectRequest:
    connect_crm()
    connect_code()
    return a_request_in(S.IN_REVIEW)


def page_of(asked: SubjectRequest) -> str:
    return f"/staff/requests/{asked.reference}/known-by/"


def added(client: Client, asked: SubjectRequest, value: str = "octo-ada") -> KnownIdentity:
    client.post(
        f"{page_of(asked)}add/", {"kind": "github_login", "value": value, "evidence": "her mail of May"}
    )
    return KnownIdentity.objects.get(kind="github_login")


def test_the_page_shows_what_is_known_masked_and_which_source_it_reaches(ada: SubjectRequest) -> None:
    page = signed_in(rosa()).get(page_of(ada)).content.decode()
    assert "ad••••••@example.org" in page
    assert "ada@example.org" not in page
    assert "Proved: the person controls this address" in page
    assert "by itself" in page
    assert "out of reach" in page, "the code hosting wants a login"
    assert "phone number" in page


def test_shown_openly_it_is_recorded(ada: SubjectRequest) -> None:
    client = signed_in(rosa())
    client.post(f"/staff/requests/{ada.reference}/name/", {"back": page_of(ada)})
    page = client.get(page_of(ada)).content.decode()
    if "ada@example.org" not in page:
        pytest.fail("the page stays masked after the name was shown")
    assert AuditEntry.objects.filter(event="identity.shown").count() == 1


def test_one_is_added_accepted_and_refused_from_the_page(ada: SubjectRequest) -> None:
    client = signed_in(rosa())
    row = added(client, ada)
    assert row.state == IdentityState.PROPOSED
    page = client.get(f"{page_of(ada)}{row.pk}/accept/").content.decode()
    assert "Nobody has shown that it is theirs." in page
    assert "octo-ada" not in page
    answer = client.post(f"{page_of(ada)}{row.pk}/accept/", {"evidence": ""})
    assert answer.status_code == 422
    assert client.post(f"{page_of(ada)}{row.pk}/accept/", {"evidence": "seen"}).status_code == 302
    row.refresh_from_db()
    assert row.state == IdentityState.ACCEPTED
    assert "out of reach" not in client.get(page_of(ada)).content.decode()
    client.post(f"{page_of(ada)}{row.pk}/refuse/", {"evidence": "a namesake's"})
    row.refresh_from_db()
    assert row.state == IdentityState.REFUSED


def test_looking_at_the_pages_decides_nothing(ada: SubjectRequest) -> None:
    client = signed_in(rosa())
    row = added(client, ada)
    for part in ("", f"{row.pk}/accept/", f"{row.pk}/refuse/"):
        client.get(f"{page_of(ada)}{part}")
        client.head(f"{page_of(ada)}{part}")
    row.refresh_from_db()
    assert row.state == IdentityState.PROPOSED


def test_what_does_not_fit_is_said_beside_the_form(ada: SubjectRequest) -> None:
    client = signed_in(rosa())
    answer = client.post(f"{page_of(ada)}add/", {"kind": "email", "value": "nonsense"})
    assert answer.status_code == 400
    assert "Enter a mail address" in answer.content.decode()
    assert client.post(f"{page_of(ada)}add/", {"kind": "name", "value": "Ada"}).status_code == 422


def test_who_only_looks_adds_nothing_and_decides_nothing(ada: SubjectRequest) -> None:
    row = added(signed_in(rosa()), ada)
    client = signed_in(piet())
    assert "Put it on the list" not in client.get(page_of(ada)).content.decode()
    assert client.post(f"{page_of(ada)}add/", {"kind": "email", "value": "x@example.org"}).status_code == 403
    assert client.post(f"{page_of(ada)}{row.pk}/accept/", {"evidence": "mine"}).status_code == 403


def test_an_identity_of_another_case_is_not_there(ada: SubjectRequest) -> None:
    client = signed_in(rosa())
    row = added(client, ada)
    other = a_request_in(S.IN_REVIEW, email="bob@example.com")
    assert client.post(f"{page_of(other)}{row.pk}/accept/", {"evidence": "mine"}).status_code == 404


def test_before_the_proof_the_list_is_empty_and_says_why() -> None:
    page = signed_in(rosa()).get(page_of(ada_asks())).content.decode()
    assert "Nothing yet" in page
    assert "Put it on the list" not in page
