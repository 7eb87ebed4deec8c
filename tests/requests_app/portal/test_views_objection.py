"""The page by which a young person objects: it shows nothing of the request, and what it takes only to the staff."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.models import GuardianObjection
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.desk import signed_in
from tests.factories import NOON, rosa
from tests.guardians import pat_asks
from tests.walking import prove

pytestmark = pytest.mark.django_db
WORDS = "We do not live together."


@pytest.fixture
def asked() -> SubjectRequest:
    """Kim is sixteen, and Pat has shown that they look after Kim."""
    return prove(pat_asks("16_17"), at=NOON)


@pytest.fixture
def link(asked: SubjectRequest) -> str:
    """Where the mail to Kim leads."""
    return urlsplit(asked.messages.get(notice="guardian_asked").secrets["objection_url"]).path


def test_the_link_opens_nobodys_pages_and_looking_changes_nothing(
    asked: SubjectRequest, link: str, client: Client
) -> None:
    page = client.get(link)
    assert "I do not want this" in page.content.decode()
    assert not re.search(f"Kim|Pat|{asked.reference}", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    assert client.get("/requests/yours/").status_code == 302
    assert not GuardianObjection.objects.exists()


def test_an_objection_stands_on_every_page_of_the_case(
    asked: SubjectRequest, link: str, client: Client
) -> None:
    assert "our privacy team knows" in client.post(link, {"words": WORDS}).content.decode()
    assert GuardianObjection.objects.get().words == WORDS
    assert AuditEntry.objects.filter(event="guardian.objected_to").count() == 1
    desk = signed_in(rosa())
    for tab in ("", "messages/", "clock/"):
        page = desk.get(f"/staff/requests/{asked.reference}/{tab}").content.decode()
        assert "The young person objects" in page
        assert WORDS not in page
    desk.post(f"/staff/requests/{asked.reference}/name/")
    assert WORDS in desk.get(f"/staff/requests/{asked.reference}/").content.decode()


def test_the_guardians_pages_show_neither_the_notice_nor_the_objection(
    asked: SubjectRequest, link: str, opened: Callable[[SubjectRequest], Client]
) -> None:
    Client().post(link, {"words": WORDS})
    page = opened(asked).get("/requests/yours/").content.decode()
    assert asked.reference in page
    for hidden in (WORDS, "objected", "A parent or guardian of yours", link):
        assert hidden not in page


def test_one_may_object_without_a_word(link: str, client: Client) -> None:
    assert client.post(link).status_code == 200
    assert GuardianObjection.objects.get().words == ""


def test_a_link_that_is_not_ours_or_whose_request_is_closed_takes_nothing(
    asked: SubjectRequest, link: str, client: Client
) -> None:
    assert client.post(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    assert client.get("/object/nonsense").status_code == 404
    by = Actor.subject(asked.reference)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=by, at=NOON)
    assert client.post(link, {"words": "No."}).status_code == 409
    assert not GuardianObjection.objects.exists()
