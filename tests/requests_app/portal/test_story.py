"""A request in the person's words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from requests_app.components.parts import Progress
from requests_app.lifecycle.states import RequestState as S
from requests_app.portal import story
from tests.factories import a_request_in, ada_asks

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (DUE - timedelta(days=13), "13 days from today."),
        (DUE - timedelta(days=1), "Tomorrow."),
        (DUE, "That is today."),
        (DUE + timedelta(days=1), "We are late, and are sorry."),
    ],
)
def test_the_date_says_how_far_it_is(today: date, words: str) -> None:
    told = story.date_of(a_request_in(S.IN_REVIEW), today=today)
    assert told.date == DUE
    assert told.text.startswith(words)
    assert told.why


def test_it_is_the_persons_turn_until_the_request_is_confirmed() -> None:
    assert story.turn_of(ada_asks()).kind == "warn"
    assert "We will write by 3 December 2026" in story.turn_of(a_request_in(S.IN_REVIEW)).text


def test_tasks_open_as_the_request_goes_on() -> None:
    waiting = story.tasks_of(ada_asks())
    assert [task.progress for task in waiting] == [Progress.NOW, Progress.OFF]
    ready = story.tasks_of(a_request_in(S.READY))
    assert [task.progress for task in ready] == [Progress.DONE, Progress.NOW]
    assert ready[0].state == "Done on 3 November 2026"
    assert ready[1].url == "/requests/yours/download/"


def test_the_history_holds_outward_steps_only_newest_first() -> None:
    told = [step.label for step in story.history(a_request_in(S.AWAITING_RELEASE))]
    assert told == [
        "We began to check what we found",
        "We began to search for your information",
        "You confirmed your mail address",
        "Your request reached us",
    ]


def test_what_ended_without_an_answer_has_no_track() -> None:
    assert story.track_of(a_request_in(S.WITHDRAWN)) is None
    answered = story.track_of(a_request_in(S.COMPLETED))
    assert answered
    assert {stage.progress for stage in answered.stages} == {Progress.DONE}


def test_letters_end_before_the_signature() -> None:
    letters = story.letters(a_request_in(S.REFUSED))
    assert letters
    assert all("\n--" not in letter.text for letter in letters)


def test_every_day_is_that_of_the_explained_date() -> None:
    # Past midnight here, and still the evening of the 31st in Virginia.
    asked = a_request_in(S.REFUSED, place="US-VA", at=datetime(2026, 11, 1, 0, 5, tzinfo=UTC))
    last_of_october = date(2026, 10, 31)
    assert story.history(asked)[-1].when == last_of_october
    assert story.date_of(asked, today=last_of_october).date == last_of_october
    assert story.tasks_of(asked)[0].state == "Done on 31 October 2026"


@pytest.mark.parametrize(
    ("state", "words"), [(S.LAPSED, "not confirmed in time"), (S.WITHDRAWN, "You took it back")]
)
def test_what_ended_without_an_answer_says_how(state: S, words: str) -> None:
    ended = story.ending_story(a_request_in(state))
    assert ended
    assert not ended.is_answer
    assert words in ended.ending.answer
