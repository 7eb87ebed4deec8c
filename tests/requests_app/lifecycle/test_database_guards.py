"""The database itself refuses what no move did, whatever code tries it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.states import CLOSED, RequestState
from tests.factories import NOON, a_request_in

pytestmark = pytest.mark.django_db
S = RequestState
DECIDED: dict[str, object] = {
    "doubt_level": IdentityLevel.HIGH,
    "outcome": "granted",
    "reason_code": "no_data_held",
    "answer_scope": "categories",
    "closed_at": NOON,
}


def _write(asked: SubjectRequest, **columns: object) -> None:
    with transaction.atomic():
        SubjectRequest.objects.filter(pk=asked.pk).update(**columns)


def _as_of_a_new_transaction() -> None:
    """The moves that made the request named themselves in this test's one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omne_dsar.move', '', true)")


@pytest.mark.parametrize("state", [S.AWAITING_IDENTITY, S.IN_REVIEW, S.AWAITING_ANSWER])
@pytest.mark.parametrize("columns", [{"identity_level": IdentityLevel.HIGH}, {"standing_proven_at": NOON}])
def test_no_proof_appears_that_nobody_accepted(state: S, columns: dict[str, object]) -> None:
    asked = a_request_in(state)
    _as_of_a_new_transaction()
    with pytest.raises(IntegrityError, match="by an accepted proof only"):
        _write(asked, **columns)


def test_a_proof_is_never_lowered() -> None:
    asked = a_request_in(S.IN_REVIEW)
    with connection.cursor() as cursor:
        token = f"{asked.pk}:awaiting_identity:awaiting_identity"
        cursor.execute("SELECT set_config('omne_dsar.move', %s, true)", [token])
    with pytest.raises(IntegrityError, match="by an accepted proof only"):
        _write(asked, identity_level=IdentityLevel.NONE)


@pytest.mark.parametrize("column", DECIDED)
def test_what_was_decided_changes_by_a_move_only(column: str) -> None:
    asked = a_request_in(S.IN_REVIEW)
    _as_of_a_new_transaction()
    with pytest.raises(IntegrityError, match="by a move only"):
        _write(asked, **{column: DECIDED[column]})


@pytest.mark.parametrize("state", [S.REFUSED, S.WITHDRAWN, S.LAPSED, S.DUPLICATE, S.FORWARDED])
def test_a_closed_request_stays_closed_even_with_a_move_named(state: S) -> None:
    asked = a_request_in(state)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omne_dsar.move', %s, true)", [f"{asked.pk}:{state}:in_review"])
    with pytest.raises(IntegrityError, match="stays closed"):
        _write(asked, state=S.IN_REVIEW)


def test_the_guard_knows_every_state_that_is_closed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'omne_guard_state'")
        text = cursor.fetchone()[0]
    named = text[text.index("OLD.state IN (") :].split(")")[0]
    assert {each.value for each in CLOSED} == {each.strip(" '") for each in named.split("(")[1].split(",")}


def test_what_is_no_decision_may_still_be_written() -> None:
    asked = a_request_in(S.IN_REVIEW)
    _as_of_a_new_transaction()
    later = asked.response_due_on + timedelta(days=1)
    _write(asked, is_sensitive=True, response_due_on=later)
    asked = SubjectRequest.objects.get(pk=asked.pk)
    assert (asked.is_sensitive, asked.response_due_on) == (True, later)
