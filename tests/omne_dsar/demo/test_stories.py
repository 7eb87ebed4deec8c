"""The stories of the demo: of every right, in every state, and told by services alone."""

from collections import Counter

import pytest

from omne_dsar.demo.stories import STORIES, Story, tell_stories
from omne_dsar.demo.walk import Walk
from requests_app.intake.submit import regime_for
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON

WITHOUT_SOURCES = tuple(story for story in STORIES if Walk.approve not in story.steps)
# What only a search or a second of the machine's own time leads to.
ELSEWHERE = {
    S.RECEIVED,
    S.FULFILLING,
    S.CHECKING,
    S.PREPARING,
    S.AWAITING_RELEASE,
    S.READY,
    S.AWAITING_APPROVAL,
    S.WAITING_PERIOD,
    S.VERIFYING,
    S.CONFIRMING,
    S.LIFTING,
}


def test_fifty_to_sixty_requests_are_made() -> None:
    assert 45 <= sum(len(story.wanted) for story in STORIES) <= 60


def test_most_rights_have_a_story() -> None:
    asked = {wanted.right for story in STORIES for wanted in story.wanted}
    assert len(asked) >= 10


@pytest.mark.parametrize("story", [story for story in STORIES if story.place], ids=lambda story: story.place)
def test_what_is_asked_for_can_be_asked_for_there(story: Story) -> None:
    for wanted in story.wanted:
        assert regime_for(story.place, wanted.right, NOON)


@pytest.mark.django_db
def test_stories_that_search_nothing_are_told_and_told_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omne_dsar.demo.stories.STORIES", WITHOUT_SOURCES)
    tell_stories()
    states = Counter(SubjectRequest.objects.values_list("state", flat=True))
    assert set(S) - ELSEWHERE <= {S(state) for state in states}
    tell_stories()
    assert SubjectRequest.objects.count() == sum(states.values())
