"""The person's other requests: those of the same address, within the same session, and no other."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from requests_app.intake.submit import AskedBy
from requests_app.lifecycle.models import Asker, SubjectRequest
from requests_app.portal.beside import NotBeside, beside, beside_by_reference
from tests.factories import ada_asks, ada_asks_by, ada_asks_for

pytestmark = pytest.mark.django_db
Opened = Callable[[SubjectRequest], Client]


def test_requests_that_came_together_are_named_with_where_they_stand() -> None:
    access, deletion = ada_asks_for("access", "deletion")
    (other,) = beside(access)
    assert (other.reference, str(other.relation)) == (deletion.reference, "Asked for at the same time")
    assert "confirm" in str(other.headline)


def test_a_request_of_another_address_is_never_beside() -> None:
    mine, strangers = ada_asks(), ada_asks(email="eve@example.org")
    assert beside(mine) == []
    for reference in (strangers.reference, mine.reference, "OM-0000-0000", ""):
        with pytest.raises(NotBeside):
            beside_by_reference(mine, reference)


def test_a_press_turns_to_the_other_request(opened: Opened) -> None:
    access, deletion = ada_asks_for("access", "deletion")
    visitor = opened(access)
    page = visitor.get("/requests/yours/").content.decode()
    (form,) = re.findall(r'<form method="post" action="/requests/yours/other/".*?</form>', page, re.DOTALL)
    assert deletion.reference in form
    assert "csrfmiddlewaretoken" in form
    turned = visitor.post("/requests/yours/other/", {"reference": deletion.reference})
    assert turned["Location"] == "/requests/yours/"
    assert "Delete my information</p>" in visitor.get("/requests/yours/").content.decode()


def test_nobody_turns_to_the_request_of_somebody_else(opened: Opened) -> None:
    visitor = opened(ada_asks())
    strangers = ada_asks(email="eve@example.org")
    assert visitor.post("/requests/yours/other/", {"reference": strangers.reference}).status_code == 404
    assert strangers.reference not in visitor.get("/requests/yours/").content.decode()


def test_whoever_claims_to_look_after_somebody_reaches_nothing_that_came_from_them(opened: Opened) -> None:
    own = ada_asks()
    claimed = ada_asks_by(AskedBy(Asker.GUARDIAN, name="Mallory", email="mallory@example.org"))
    visitor = opened(claimed)
    assert own.reference not in visitor.get("/requests/yours/").content.decode()
    assert visitor.post("/requests/yours/other/", {"reference": own.reference}).status_code == 404
    assert beside(own) == []


def test_what_one_guardian_asked_for_stands_together(opened: Opened) -> None:
    guardian = AskedBy(Asker.GUARDIAN, name="Gerda", email="gerda@example.org")
    first, second = ada_asks_by(guardian), ada_asks_by(guardian, right="deletion")
    assert [each.reference for each in beside(first)] == [second.reference]


def test_without_a_session_nothing_turns(client: Client) -> None:
    asked = ada_asks()
    answer = client.post("/requests/yours/other/", {"reference": asked.reference})
    assert asked.reference not in answer.content.decode()
    assert answer.status_code in {302, 403}


def test_looking_turns_to_nothing(opened: Opened) -> None:
    assert opened(ada_asks()).get("/requests/yours/other/").status_code == 405
