"""Who is told of a change that was carried out, and with which words for the person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fulfillment.changes.compare import compare
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.changes.telling import requests_to_tell, tell_recipients
from fulfillment.recipients import notify
from fulfillment.recipients.models import RecipientLetter, RecipientNotice, Way
from fulfillment.recipients.notify import CarriedOut, write_notices
from fulfillment.recipients.places import places_in
from fulfillment.recipients.save import change_recipient
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, rosa
from tests.fulfillment.changes.shop import (
    STRANGERS,
    complete,
    connect,
    end,
    end_all,
    erasing,
    fresh,
    now_holds,
    search,
)
from tests.fulfillment.recipients.cast import (
    HOST,
    erased,
    seen_and_completed,
    sol,
    the_host,
    the_letter,
    the_notice,
)
from tests.offered import offered

pytestmark = pytest.mark.django_db


def test_of_a_deletion_a_recipient_is_told_once_all_of_it_was_seen_to_be_gone() -> None:
    connect()
    connect("archive", label="Archive")
    the_host()
    asked = erasing()
    first, last = ChangeTask.objects.filter(subject_request=asked)
    end(first)
    end(last)
    assert fresh(asked).state == S.VERIFYING
    finish_changes(subject_request_id=asked.pk, at=NOON)
    assert requests_to_tell() == []
    assert not RecipientNotice.objects.exists()
    seen_and_completed(asked)
    notice = the_notice()
    assert [place for place, _label in notice.places] == ["shop/people", "archive/people"]
    assert notice.kind == "erase"
    assert the_letter().to_address == "privacy@host.example"
    assert AuditEntry.objects.filter(event="recipient.to_be_told").count() == 1


def test_it_hears_what_it_knows_the_person_by_and_nothing_else() -> None:
    connect()
    the_host()
    erased()
    assert the_notice().said_sealed["values"] == ["1"]
    letter = the_letter()
    assert letter.secrets["person"] == "1"
    for text in (letter.subject, letter.text, letter.html):
        assert "ada@example.org" not in text
        assert "Ada" not in text
        assert "OM-" not in text


def test_places_that_a_recipient_never_had_are_not_named_to_it() -> None:
    connect()
    connect("archive", label="Archive")
    the_host(narrowed_to=("shop/people",))
    erased()
    assert [place for place, _label in the_notice().places] == ["shop/people"]


def test_what_was_kept_is_told_to_nobody() -> None:
    connect()
    erased()
    assert {each.disclosed_as for each in RecipientNotice.objects.all()} == {"hosting"}


def test_those_whom_nobody_set_up_are_for_a_person() -> None:
    connect()
    erased()
    notice = the_notice()
    assert (notice.recipient, notice.named) == (None, "Hosting providers")
    assert notice.by_hand_because == notify.NOT_SET_UP
    assert not RecipientLetter.objects.exists()


def test_one_that_is_no_longer_told_is_for_a_person_too() -> None:
    connect()
    host = the_host()
    change_recipient(key=host.key, details=replace(HOST, enabled=False), by=sol(), at=NOON)
    erased()
    assert the_notice().by_hand_because == notify.NOT_SET_UP


def test_where_it_cannot_be_said_who_the_person_is_a_person_tells_it() -> None:
    connect()
    the_host()
    # Nothing stands in this field of Ada's row there.
    people = [{"id": 1, "name": "Ada", "seen_at": None, "email": "ada@example.org", "second_email": None}]
    connect("other", label="Other", people=people)
    the_host(known_by="other/people/seen_at", label="Other host")
    erased()
    by_name = {each.named: each.by_hand_because for each in RecipientNotice.objects.all()}
    assert by_name == {"Cloud Host Ltd": "", "Other host": notify.NOT_KNOWN}


def test_what_could_not_be_done_is_told_to_nobody() -> None:
    connect()
    the_host()
    asked = erasing()
    end_all(asked, ChangeState.COULD_NOT)
    search(asked)
    assert complete(asked, "The archive is written once.").state == S.COMPLETED
    assert not RecipientNotice.objects.exists()


def test_nobody_is_told_of_an_erasure_where_the_second_search_found_everything_still_there() -> None:
    shop, archive = connect(), connect("archive", label="Archive")
    the_host()
    the_host(label="Tape Host", known_by="archive/people/id", narrowed_to=("archive/people",))
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS)
    search(asked)
    assert fresh(asked).state == S.CONFIRMING
    comparison = compare(asked)
    assert comparison is not None
    assert {line.source for line in comparison.leftovers} == {archive}
    complete(asked, "The tape is overwritten in May.")
    told = {each.named: [place for place, _label in each.places] for each in RecipientNotice.objects.all()}
    assert told == {"Cloud Host Ltd": ["shop/people"]}


def test_of_a_second_attempt_a_recipient_hears_once_with_the_first() -> None:
    shop = connect()
    connect("archive", label="Archive")
    the_host()
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS)
    search(asked)
    again = Move.CARRY_OUT_AGAIN
    perform(subject_request_id=asked.pk, move=again, by=Actor.staff(rosa()), at=NOON, reason="Archive.")
    end_all(asked)
    assert not RecipientNotice.objects.exists()
    seen_and_completed(asked)
    assert {place for place, _label in the_notice().places} == {"shop/people", "archive/people"}
    assert RecipientLetter.objects.count() == 1


def test_a_second_look_writes_nothing_twice() -> None:
    connect()
    the_host()
    asked = erased()
    for _ in range(2):
        tell_recipients(subject_request_id=asked.pk, at=NOON)
        finish_changes(subject_request_id=asked.pk, at=NOON)
    assert RecipientLetter.objects.count() == RecipientNotice.objects.count() == 1
    assert requests_to_tell() == []


def test_what_a_killed_process_left_untold_is_found_again() -> None:
    connect()
    the_host()
    asked = a_request_in(S.EXECUTING)
    task = ChangeTask.objects.get(subject_request=asked)
    ChangeTask.objects.filter(pk=task.pk).update(
        state=ChangeState.DONE, hand="connector", ended_at=NOON, records_changed=2
    )
    assert requests_to_tell() == [asked.pk]
    finish_changes(subject_request_id=asked.pk, at=NOON)
    assert {each.kind for each in RecipientNotice.objects.all()} == {ChangeKind.RESTRICT}
    assert requests_to_tell() == []


def test_the_tick_of_whoever_did_it_counts_as_told() -> None:
    connect()
    the_host()
    asked = erasing()
    ChangeTask.objects.filter(subject_request=asked).update(recipients_told=True)
    task = ChangeTask.objects.get(subject_request=asked)
    ChangeTask.objects.filter(pk=task.pk).update(
        state=ChangeState.DONE, hand="connector", ended_at=NOON, records_changed=1
    )
    finish_changes(subject_request_id=asked.pk, at=NOON)
    seen_and_completed(asked)
    assert the_notice().told_on == NOON.date()
    assert not RecipientLetter.objects.exists()


def test_a_restriction_by_the_address_when_nothing_was_searched() -> None:
    connect()
    the_host(known_by="shop/people/email")
    asked = a_request_in(S.EXECUTING)
    end_all(asked)
    notice = RecipientNotice.objects.get(disclosed_as="hosting")
    assert notice.said_sealed["values"] == ["ada@example.org"]


def test_the_same_is_told_once_and_each_turn_of_a_restriction_anew() -> None:
    shop = connect()
    the_host(known_by="shop/people/email")
    asked = a_request_in(S.EXECUTING)
    places = [each for each in places_in(shop) if each.collection.name == "people"]
    told = []
    for attempt, kind in enumerate(("restrict", "restrict", "lift_restriction", "restrict"), start=1):
        done = CarriedOut(asked, kind, attempt, places)
        told.append(len(write_notices(done, at=NOON + timedelta(days=attempt))))
    assert told == [1, 0, 1, 1]


def test_one_who_is_told_by_a_person_gets_no_letter() -> None:
    connect()
    the_host(way=Way.BY_HAND)
    erased()
    assert the_notice().by_hand_because == notify.TOLD_BY_A_PERSON
    assert not RecipientLetter.objects.exists()


def test_its_letter_is_on_its_way_as_soon_as_it_is_written() -> None:
    connect()
    the_host()
    with offered() as hints:
        erased()
    assert ("fulfillment.deliver_letter", {"letter_id": str(the_letter().pk)}) in hints
