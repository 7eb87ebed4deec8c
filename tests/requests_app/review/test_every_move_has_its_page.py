"""Every staff move of every right can be made from the browser, and no page of a move ever breaks."""

import inspect

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from requests_app.audit.actors import ActorKind
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import Arrow, arrows
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.states import RequestState
from requests_app.review.forms import MoveForm
from requests_app.review.navigation import page_of
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in
from tests.walking import for_every_right, prepare_for, staff, the_machine_alone

pytestmark = pytest.mark.django_db
# Moves that still want a page of their own; it stays empty.
WITHOUT_A_PAGE: frozenset[Move] = frozenset()
STAFF_ARROWS = [
    (code, each)
    for code in sorted(RIGHTS)
    for each in arrows(RIGHTS[code].machine)
    if ActorKind.STAFF in FACTS[each.move].kinds
]


def _needs(code: str, move: Move) -> set[str]:
    found = inspect.signature(getattr(RIGHTS[code].machine, move.value)).parameters.values()
    names = {each.name for each in found if each.default is inspect.Parameter.empty}
    return names - {"self", "staff_id"}


def test_the_confirm_page_gives_what_a_move_takes_or_the_move_has_a_page_of_its_own() -> None:
    without = set()
    for code, arrow in STAFF_ARROWS:
        page = page_of(arrow.move)
        has_its_own = page is not None and page.only_there
        if not has_its_own and _needs(code, arrow.move) - {MoveForm.takes.get(arrow.move)}:
            without.add(arrow.move)
    assert without == WITHOUT_A_PAGE


def _desk() -> Client:
    return signed_in(staff("Lea Lead", Role.PRIVACY_LEAD))


def _post(desk: Client, asked: SubjectRequest, move: Move) -> HttpResponse:
    sent = {
        "version": asked.version,
        "reason": "Because the law of this case says so.",
        "code": "no_data_held",
        "outcome": "granted",
        "linked_to_id": "",
    }
    answer: HttpResponse = desk.post(reverse("review:move", args=[asked.reference, move.value]), sent)
    return answer


@for_every_right
def test_every_move_that_staff_can_make_is_made_or_answered_with_a_sentence(code: str) -> None:
    desk = _desk()
    by_state: dict[RequestState, list[Arrow]] = {}
    for right, arrow in STAFF_ARROWS:
        if right == code:
            by_state.setdefault(arrow.source, []).append(arrow)
    for state, leaving in by_state.items():
        with the_machine_alone():
            asked = a_request_in(state, right=code)
        for arrow in leaving:
            with transaction.atomic():
                _the_page_answers(desk, asked, arrow)
                transaction.set_rollback(True)


def _the_page_answers(desk: Client, asked: SubjectRequest, arrow: Arrow) -> None:
    with the_machine_alone():
        prepared = prepare_for(arrow.move, asked)
    answer = _post(desk, prepared, arrow.move)
    page = page_of(arrow.move)
    if page is not None and page.only_there:
        there = reverse(page.url_name, args=[asked.reference])
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(there)
        assert desk.get(there).status_code == 200, (arrow, there)
        return
    assert answer.status_code == 302 or 400 <= answer.status_code < 500, arrow
    if answer.status_code == 302:
        assert SubjectRequest.objects.get(pk=asked.pk).state == arrow.target
    else:
        assert b"</html>" in answer.content


@for_every_right
def test_a_move_that_does_not_lead_on_from_here_is_answered_too(code: str) -> None:
    desk = _desk()
    with the_machine_alone():
        asked = a_request_in(RequestState.IN_REVIEW, right=code)
    leaving = {each.move for right, each in STAFF_ARROWS if right == code and each.source == asked.state}
    for move in set(Move) - leaving:
        answer = _post(desk, asked, move)
        assert answer.status_code == 302 or 400 <= answer.status_code < 500, move
    assert SubjectRequest.objects.get(pk=asked.pk).version == asked.version
