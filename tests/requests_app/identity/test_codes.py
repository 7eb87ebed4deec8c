"""Mailed codes: used once, counted in the database, the same answers for strangers."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connections

from requests_app.audit.actors import Actor
from requests_app.identity.codes import check_code, issue_code
from requests_app.identity.confirm import confirm_by_token, enter_portal, look_at_link
from requests_app.identity.errors import (
    AlreadyConfirmed,
    LinkExpired,
    LinkNotValid,
    TooManyWrongCodes,
    WrongCode,
)
from requests_app.identity.models import MailedCode, Purpose, WrongTries
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, ada_asks

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=5)
SYSTEM = Actor.system("tests")


def _mailed(subject_request: SubjectRequest) -> dict[str, str]:
    return subject_request.messages.order_by("-written_at").first().secrets


def _token(subject_request: SubjectRequest) -> str:
    found = re.search(r"/confirm/([0-9a-f]+)", _mailed(subject_request)["link"])
    assert found
    return found[1]


def test_the_mailed_code_confirms_and_opens_the_portal() -> None:
    asked = ada_asks()
    entered = enter_portal(reference=asked.reference.lower(), code=_mailed(asked)["code"].lower(), at=SOON)
    assert entered.state == RequestState.IN_REVIEW


def test_a_code_works_once() -> None:
    asked = ada_asks()
    code = _mailed(asked)["code"]
    enter_portal(reference=asked.reference, code=code, at=SOON)
    with pytest.raises(WrongCode):
        enter_portal(reference=asked.reference, code=code, at=SOON)


def test_a_new_code_ends_the_old_one() -> None:
    asked = ada_asks()
    old = _mailed(asked)["code"]
    issue_code(subject_request=asked, purpose=Purpose.CONFIRM_IDENTITY, by=SYSTEM, at=SOON)
    with pytest.raises(WrongCode):
        enter_portal(reference=asked.reference, code=old, at=SOON)


def test_an_expired_code_is_refused() -> None:
    asked = ada_asks()
    with pytest.raises(WrongCode):
        enter_portal(reference=asked.reference, code=_mailed(asked)["code"], at=NOON + timedelta(hours=25))


def test_a_code_for_one_purpose_does_not_serve_another() -> None:
    asked = ada_asks()
    with pytest.raises(WrongCode):
        check_code(
            reference=asked.reference, code=_mailed(asked)["code"], purposes=(Purpose.DOWNLOAD,), at=SOON
        )


def test_after_five_wrong_codes_the_right_one_is_refused_too_and_a_resend_does_not_help() -> None:
    asked = ada_asks()
    for _ in range(5):
        with pytest.raises(WrongCode):
            enter_portal(reference=asked.reference, code="WRONGWRO", at=SOON)
    issue_code(subject_request=asked, purpose=Purpose.CONFIRM_IDENTITY, by=SYSTEM, at=SOON)
    with pytest.raises(TooManyWrongCodes):
        enter_portal(reference=asked.reference, code=_mailed(asked)["code"], at=SOON)
    tomorrow = NOON + timedelta(hours=24, minutes=6)
    issue_code(subject_request=asked, purpose=Purpose.CONFIRM_IDENTITY, by=SYSTEM, at=tomorrow)
    assert enter_portal(reference=asked.reference, code=_mailed(asked)["code"], at=tomorrow)


def test_other_spellings_of_a_reference_share_its_counter() -> None:
    asked = ada_asks()
    for spelling in (asked.reference, asked.reference.replace("-", ""), f" {asked.reference.lower()} "):
        with pytest.raises(WrongCode):
            enter_portal(reference=spelling, code="WRONGWRO", at=SOON)
    assert [each.count for each in WrongTries.objects.all()] == [3]


@pytest.mark.parametrize("reference", ["OM-2222-2222", "nonsense", "", "OM-2222-2222\0"])
def test_an_unknown_reference_answers_like_a_wrong_code(reference: str) -> None:
    with pytest.raises(WrongCode):
        enter_portal(reference=reference, code="ABCDEFGH", at=SOON)


def test_codes_and_links_are_not_kept_in_the_clear() -> None:
    asked = ada_asks()
    mailed = MailedCode.objects.get()
    assert _mailed(asked)["code"] not in (mailed.code_digest, mailed.token_digest)
    message = asked.messages.get()
    assert _mailed(asked)["code"] not in message.text + message.html


def test_the_link_is_looked_at_without_effect_and_works_once() -> None:
    asked = ada_asks()
    token = _token(asked)
    for _ in range(50):
        assert look_at_link(token=token, at=SOON).pk == asked.pk
    assert confirm_by_token(token=token.upper(), at=SOON).state == RequestState.IN_REVIEW
    with pytest.raises(AlreadyConfirmed):
        confirm_by_token(token=token, at=SOON)


def test_a_tampered_link_and_an_old_one_say_what_to_do() -> None:
    asked = ada_asks()
    token = _token(asked)
    with pytest.raises(LinkNotValid, match="not complete"):
        confirm_by_token(token=token[:-1], at=SOON)
    with pytest.raises(LinkExpired, match="Ask for a new code"):
        confirm_by_token(token=token, at=NOON + timedelta(hours=25))


def test_an_address_gets_ten_codes_an_hour_and_no_more() -> None:
    asked = ada_asks()
    sent = [
        issue_code(subject_request=asked, purpose=Purpose.CONFIRM_IDENTITY, by=SYSTEM, at=SOON)
        for _ in range(11)
    ]
    assert sent == [True] * 9 + [False] * 2


def _many_ask_in_her_name(count: int = 12) -> list[SubjectRequest]:
    return [ada_asks(right="deletion") for _ in range(count)]


def test_whoever_files_in_somebodys_name_keeps_no_code_from_a_request_that_was_confirmed() -> None:
    asked = ada_asks()
    enter_portal(reference=asked.reference, code=_mailed(asked)["code"], at=NOON)
    _many_ask_in_her_name()
    for purpose in (Purpose.PORTAL, Purpose.DOWNLOAD):
        assert issue_code(subject_request=asked, purpose=purpose, by=SYSTEM, at=NOON)
    assert MailedCode.objects.filter(subject_request__identity_level=0).count() == 10


def test_a_request_without_a_code_of_its_own_is_confirmed_by_any_that_reached_the_address() -> None:
    others = _many_ask_in_her_name()
    own = ada_asks()
    assert not own.messages.exists()
    assert enter_portal(reference=own.reference, code=_mailed(others[0])["code"], at=SOON).pk == own.pk
    assert SubjectRequest.objects.get(pk=own.pk).state == RequestState.IN_REVIEW
    assert SubjectRequest.objects.get(pk=others[0].pk).state == RequestState.AWAITING_IDENTITY
    with pytest.raises(WrongCode):
        enter_portal(reference=others[0].reference, code=_mailed(others[0])["code"], at=SOON)


def test_a_code_for_another_address_never_stands_in() -> None:
    _many_ask_in_her_name()
    own, strangers = ada_asks(), ada_asks(email="mallory@example.org")
    with pytest.raises(WrongCode):
        enter_portal(reference=own.reference, code=_mailed(strangers)["code"], at=SOON)


def test_a_code_for_another_request_does_not_stand_in_where_there_is_one_of_its_own() -> None:
    other, own = ada_asks(), ada_asks()
    with pytest.raises(WrongCode):
        enter_portal(reference=own.reference, code=_mailed(other)["code"], at=SOON)


@pytest.mark.django_db(transaction=True)
def test_however_many_file_at_once_an_address_gets_ten_codes_an_hour() -> None:
    def file_many() -> None:
        try:
            for _ in range(4):
                ada_asks()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=file_many) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SubjectRequest.objects.count() == 20
    assert MailedCode.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_are_judged_five_times() -> None:
    asked = ada_asks()
    outcomes: list[str] = []

    def guess(number: int) -> None:
        try:
            enter_portal(reference=asked.reference, code=f"WRONG{number:03}", at=SOON)
        except (WrongCode, TooManyWrongCodes) as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    for start in range(0, 100, 20):
        threads = [threading.Thread(target=guess, args=[number]) for number in range(start, start + 20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes.count("wrong_code") == 5
    assert outcomes.count("too_many_wrong_codes") == 95
