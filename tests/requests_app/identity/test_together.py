"""Requests that came together are confirmed together: one mail, one code, whichever of their references is typed."""

import re
from datetime import timedelta

import pytest

from requests_app.identity.confirm import confirm_by_token, enter_portal, look_at_link, send_new_code
from requests_app.identity.errors import AlreadyConfirmed, TooManyWrongCodes, WrongCode
from requests_app.identity.models import MailedCode
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, ada_asks, ada_asks_for

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=5)
THREE = ("access", "deletion", "correction")


def _mails(asked: list[SubjectRequest]) -> list[dict[str, str]]:
    return [message.secrets for each in asked for message in each.messages.filter(notice="confirm_identity")]


def _states(asked: list[SubjectRequest]) -> set[str]:
    return {SubjectRequest.objects.get(pk=each.pk).state for each in asked}


def test_three_requests_of_one_submission_have_one_mail_that_names_all_references() -> None:
    asked = ada_asks_for(*THREE)
    assert len(_mails(asked)) == 1
    (message,) = [message for each in asked for message in each.messages.all()]
    for each in asked:
        assert each.reference in message.text
        assert each.reference in message.html
    assert "3 requests" in message.text


@pytest.mark.parametrize("typed", [0, 1, 2])
def test_one_code_with_any_of_the_references_confirms_them_all_and_opens_the_one_typed(typed: int) -> None:
    asked = ada_asks_for(*THREE)
    entered = enter_portal(reference=asked[typed].reference, code=_mails(asked)[0]["code"], at=SOON)
    assert entered.pk == asked[typed].pk
    assert _states(asked) == {RequestState.IN_REVIEW}


def test_the_link_confirms_them_all_once() -> None:
    asked = ada_asks_for(*THREE)
    found = re.search(r"/confirm/([0-9a-f]+)", _mails(asked)[0]["link"])
    assert found
    confirm_by_token(token=found[1], at=SOON)
    assert _states(asked) == {RequestState.IN_REVIEW}
    with pytest.raises(AlreadyConfirmed):
        look_at_link(token=found[1], at=SOON)


def test_the_code_works_once_whatever_the_reference() -> None:
    asked = ada_asks_for(*THREE)
    code = _mails(asked)[0]["code"]
    enter_portal(reference=asked[0].reference, code=code, at=SOON)
    with pytest.raises(WrongCode):
        enter_portal(reference=asked[1].reference, code=code, at=SOON)


def test_a_new_code_for_one_of_them_ends_the_old_code_of_all() -> None:
    asked = ada_asks_for(*THREE)
    old = _mails(asked)[0]["code"]
    send_new_code(reference=asked[2].reference, at=SOON)
    with pytest.raises(WrongCode):
        enter_portal(reference=asked[0].reference, code=old, at=SOON)
    new = asked[2].messages.order_by("-written_at")[0].secrets["code"]
    enter_portal(reference=asked[1].reference, code=new, at=SOON)
    assert _states(asked) == {RequestState.IN_REVIEW}


def test_wrong_tries_are_counted_once_for_all_of_them() -> None:
    asked = ada_asks_for(*THREE)
    for number in range(5):
        with pytest.raises(WrongCode):
            enter_portal(reference=asked[number % 3].reference, code="22222222", at=SOON)
    for each in asked:
        with pytest.raises(TooManyWrongCodes):
            enter_portal(reference=each.reference, code=_mails(asked)[0]["code"], at=SOON)


def test_the_code_of_another_submission_of_the_same_address_confirms_nothing_here() -> None:
    first, second = ada_asks(), ada_asks(right="deletion")
    with pytest.raises(WrongCode):
        enter_portal(reference=first.reference, code=_mails([second])[0]["code"], at=SOON)
    assert _states([first, second]) == {RequestState.AWAITING_IDENTITY}


def test_an_opt_out_among_them_acts_at_once_and_is_not_asked_for_proof() -> None:
    access, opt_out = ada_asks_for("access", "opt_out_sale_share", place="US-VA")
    assert opt_out.state == RequestState.EXECUTING
    (message,) = access.messages.all()
    assert opt_out.reference not in message.text
    assert MailedCode.objects.count() == 1


def test_what_needs_more_than_an_address_goes_on_waiting_while_the_others_go_on() -> None:
    access, objection = ada_asks_for("access", "objection", place="US-CA")
    enter_portal(reference=access.reference, code=_mails([access, objection])[0]["code"], at=SOON)
    assert _states([access]) == {RequestState.AWAITING_IDENTITY}
    assert _states([objection]) == {RequestState.IN_REVIEW}
