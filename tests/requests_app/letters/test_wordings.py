"""Words are versions: each change is a new one, letters keep theirs, and two who write meet in a sentence."""

from datetime import timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.notices import Notice
from requests_app.errors import BadInput, NotPermitted
from requests_app.letters.checking import UnfitWords, Words
from requests_app.letters.models import Letter, Wording
from requests_app.letters.wordings import (
    Place,
    UnknownVersion,
    WordsChanged,
    edition_of,
    restore_words,
    save_words,
    send_shipped_words,
    words_in_use,
)
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.factories import NOON, a_request_in, rosa, staff

pytestmark = pytest.mark.django_db
PLACE = Place(Notice.WITHDRAWN, "en")
OURS = Words("Closed: {{ reference }}", "Dear reader,\n\n**{{ reference }}** is closed. <b>{{7*7}}</b>")


def lead() -> Actor:
    return Actor.staff(staff("Leda Lead", Role.PRIVACY_LEAD))


def save(
    words: Words = OURS, *, place: Place = PLACE, edition: int | None = None, by: Actor | None = None
) -> Wording:
    seen = edition_of(place) if edition is None else edition
    return save_words(place, words, why="", expected_edition=seen, by=by or lead(), at=NOON)


def withdrawn(language: str = "en") -> SubjectRequest:
    asked = a_request_in(S.IN_REVIEW)
    SubjectRequest.objects.filter(pk=asked.pk).update(language=language)
    by = Actor.subject(asked.reference)
    return perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=by, at=NOON + timedelta(hours=1))


def test_without_words_of_ours_the_shipped_ones_go_out() -> None:
    message = withdrawn().messages.get(notice=Notice.WITHDRAWN)
    assert "We have stopped working on it." in message.text
    assert Letter.objects.get(kind=Notice.WITHDRAWN).words_version.startswith("shipped ")


def test_words_in_use_go_out_in_our_layout_and_escaped() -> None:
    version = save()
    asked = withdrawn()
    message = asked.messages.get(notice=Notice.WITHDRAWN)
    assert message.subject == f"Closed: {asked.reference}"
    assert message.text.startswith(f"Dear reader,\n\n{asked.reference} is closed. <b>{{{{7*7}}}}</b>\n\n--\n")
    assert f"<strong>{asked.reference}</strong> is closed. &lt;b&gt;{{{{7*7}}}}&lt;/b&gt;" in message.html
    letter = Letter.objects.get(kind=Notice.WITHDRAWN)
    assert (letter.wording, letter.words_version) == (version, "version 1")
    assert "<b>{{7*7}}</b>" in letter.text


def test_words_of_another_language_are_for_that_language() -> None:
    save(place=Place(Notice.WITHDRAWN, "de"))
    assert "stopped working" in withdrawn().messages.get(notice=Notice.WITHDRAWN).text
    assert "Dear reader" in withdrawn("de-at").messages.get(notice=Notice.WITHDRAWN).text


def test_a_letter_keeps_the_version_it_was_written_in() -> None:
    save()
    withdrawn()
    save(Words("Other {{ reference }}", "Other {{ reference }}"))
    letter = Letter.objects.get(kind=Notice.WITHDRAWN)
    assert letter.words_version == "version 1"
    assert "Dear reader" in letter.text


def test_an_earlier_version_is_sent_again_as_a_new_one() -> None:
    save()
    save(Words("Other {{ reference }}", "Other {{ reference }}"))
    again = restore_words(PLACE, number=1, expected_edition=2, by=lead(), at=NOON)
    assert (again.number, again.restored_from, again.body) == (3, 1, OURS.body)
    assert words_in_use(*(PLACE.kind, PLACE.language)) == again
    with pytest.raises(UnknownVersion):
        restore_words(PLACE, number=9, expected_edition=3, by=lead(), at=NOON)


def test_the_shipped_words_are_a_step_away_and_versions_stay() -> None:
    save()
    send_shipped_words(PLACE, expected_edition=1, by=lead(), at=NOON)
    assert words_in_use(PLACE.kind, PLACE.language) is None
    assert Wording.objects.count() == 1
    assert save().number == 2


def test_of_two_who_write_at_once_the_second_is_told() -> None:
    save(edition=0)
    with pytest.raises(WordsChanged):
        save(edition=0)
    with pytest.raises(WordsChanged):
        send_shipped_words(PLACE, expected_edition=0, by=lead(), at=NOON)
    assert Wording.objects.count() == 1


def test_only_who_may_configure_writes_words() -> None:
    with pytest.raises(NotPermitted):
        save(by=Actor.staff(rosa()))
    assert save(by=Actor.staff(staff("Adam Admin", Role.ADMIN))).number == 1


def test_unfit_words_and_languages_that_are_none_are_refused() -> None:
    with pytest.raises(UnfitWords):
        save(Words("s", "no reference"))
    with pytest.raises(BadInput):
        save(place=Place(Notice.WITHDRAWN, "xx-none"))
    assert Wording.objects.count() == 0


def test_words_that_fit_no_more_are_not_sent() -> None:
    save()
    Wording.objects.update(body="{{ reference }} {{ a_fact_of_yesterday }}")
    assert "stopped working" in withdrawn().messages.get(notice=Notice.WITHDRAWN).text


def test_each_change_is_recorded() -> None:
    save()
    restore_words(PLACE, number=1, expected_edition=1, by=lead(), at=NOON)
    send_shipped_words(PLACE, expected_edition=2, by=lead(), at=NOON)
    events = (
        AuditEntry.objects.filter(event__startswith="wording.").order_by("pk").values_list("event", flat=True)
    )
    assert list(events) == ["wording.changed", "wording.restored", "wording.shipped_again"]
