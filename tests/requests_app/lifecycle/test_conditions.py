"""What a request is joined with: never what would leave somebody without their own answer."""

import pytest

from requests_app.intake.submit import ONESELF, AskedBy
from requests_app.lifecycle.conditions import Attempt, other_request_is_open
from requests_app.lifecycle.models import Asker
from tests.factories import AGENT, SYSTEM, ada_asks, ada_asks_by

pytestmark = pytest.mark.django_db
OTHER_AGENT = AskedBy(Asker.AGENT, name="Otto Agent", email="otto@agents.example")
PARENT = AskedBy(Asker.GUARDIAN, name="Gerda", email="gerda@example.org")
MALLORY = AskedBy(Asker.GUARDIAN, name="Mallory", email="mallory@example.org")


def _refused(asker: AskedBy, into: AskedBy, **details: str) -> str | None:
    this, other = ada_asks_by(asker), ada_asks_by(into, **details)
    return other_request_is_open(Attempt(this, SYSTEM, None, {"linked_to_id": other.pk}))


@pytest.mark.parametrize(
    ("asker", "into"),
    [(ONESELF, ONESELF), (AGENT, ONESELF), (AGENT, AGENT), (PARENT, PARENT)],
    ids=["own-own", "agent-own", "agent-agent", "parent-parent"],
)
def test_a_request_is_joined_with_one_that_reaches_the_same_person(asker: AskedBy, into: AskedBy) -> None:
    assert _refused(asker, into) is None


@pytest.mark.parametrize(
    ("asker", "into"),
    [(ONESELF, AGENT), (ONESELF, MALLORY), (AGENT, OTHER_AGENT), (PARENT, MALLORY)],
    ids=["own-agent", "own-guardian", "agent-agent", "parent-stranger"],
)
def test_nobodys_request_is_answered_by_what_somebody_else_asked(asker: AskedBy, into: AskedBy) -> None:
    assert "somebody else" in str(_refused(asker, into))


def test_what_a_parent_asked_is_not_answered_to_another_address() -> None:
    assert "another address" in str(_refused(PARENT, ONESELF))


@pytest.mark.parametrize("details", [{"right": "deletion"}, {"email": "eve@example.org"}])
def test_only_the_same_person_and_right_are_joined(details: dict[str, str]) -> None:
    assert "same person for the same right" in str(_refused(ONESELF, ONESELF, **details))


def test_a_request_is_not_joined_with_itself() -> None:
    asked = ada_asks()
    attempt = Attempt(asked, SYSTEM, None, {"linked_to_id": asked.pk})
    assert other_request_is_open(attempt) == "Choose the request that goes on."
