"""What stands beside a request, and what may be the same request twice."""

import pytest

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.related import Relation, possible_duplicates, related_to
from requests_app.lifecycle.states import RequestState as S
from tests.factories import Wanted, a_request_in, ada_asks, ada_asks_for

pytestmark = pytest.mark.django_db


def _relations(subject_request: SubjectRequest) -> dict[str, Relation]:
    return {each.subject_request.reference: each.relation for each in related_to(subject_request)}


def test_requests_of_one_submission_come_together() -> None:
    access, deletion = ada_asks_for("access", "deletion")
    assert _relations(access) == {deletion.reference: Relation.TOGETHER}


def test_a_second_open_request_for_the_same_right_is_perhaps_the_same() -> None:
    first, second = ada_asks(), ada_asks(email="ADA@example.org ")
    assert _relations(second) == {first.reference: Relation.MAYBE_THE_SAME}
    assert [each.pk for each in possible_duplicates(second)] == [first.pk]
    assert [each.pk for each in possible_duplicates(first)] == [second.pk]


@pytest.mark.parametrize("details", [{"right": "deletion"}, {"email": "eve@example.org"}])
def test_another_right_and_another_person_are_no_duplicates(details: dict[str, str]) -> None:
    first = ada_asks()
    ada_asks(**details)  # type: ignore[arg-type]
    assert possible_duplicates(first) == []


def test_a_closed_request_is_no_duplicate_and_has_none() -> None:
    closed = a_request_in(S.WITHDRAWN)
    open_one = ada_asks()
    assert possible_duplicates(open_one) == []
    assert possible_duplicates(closed) == []
    assert _relations(open_one) == {closed.reference: Relation.SAME_ADDRESS}


def test_two_objections_told_apart_at_the_door_are_not_the_same() -> None:
    marketing, _others = ada_asks_for(Wanted("objection", {"purposes": ["marketing", "research"]}))
    assert possible_duplicates(marketing) == []


def test_what_was_joined_says_so_on_both_sides() -> None:
    joined = a_request_in(S.DUPLICATE)
    other = SubjectRequest.objects.get(pk=joined.linked_to_id)
    assert _relations(joined)[other.reference] == Relation.ANSWERED_WITH
    assert _relations(other)[joined.reference] == Relation.ANSWERS


def test_a_stranger_stands_beside_nobody() -> None:
    ada_asks()
    assert related_to(ada_asks(email="eve@example.org")) == []
