"""Related requests and possible duplicates on a case."""

import pytest
from django.test import Client

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.review.related import duplicate_hint, related_rows
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, ada_asks, ada_asks_for, rosa, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in(rosa())


def _case(desk: Client, subject_request: SubjectRequest) -> str:
    return desk.get(f"/staff/requests/{subject_request.reference}/").content.decode()


def test_a_possible_duplicate_is_named_with_the_way_to_join(desk: Client) -> None:
    first, second = ada_asks(), a_request_in(S.IN_REVIEW)
    page = _case(desk, second)
    assert f"Possible duplicate of {first.reference}." in page
    hint = duplicate_hint(second, rosa())
    assert hint
    assert "join" in hint.join_url
    assert f'href="{hint.join_url}"' in page
    assert desk.get(hint.join_url).status_code == 200


def test_whoever_may_not_join_reads_the_hint_without_the_way() -> None:
    ada_asks()
    hint = duplicate_hint(ada_asks(), staff("Otto", Role.AUDITOR))
    assert hint
    assert hint.join_url == ""


def test_the_second_of_two_is_hindered_in_nothing(desk: Client) -> None:
    ada_asks()
    assert a_request_in(S.IN_REVIEW).state == S.IN_REVIEW


def test_a_request_that_is_alone_has_no_word_of_duplicates(desk: Client) -> None:
    page = _case(desk, ada_asks())
    assert "Possible duplicate" not in page
    assert "Related requests" not in page


def test_what_came_together_is_listed_with_right_and_stage(desk: Client) -> None:
    access, deletion = ada_asks_for("access", "deletion")
    (row,) = related_rows(access)
    assert (row.reference, str(row.right)) == (deletion.reference, "Delete")
    page = _case(desk, access)
    assert "Came together with this request" in page
    assert f"/staff/requests/{deletion.reference}/" in page
