"""Answers kept for a day, sent once."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from requests_app.intake import drafts
from requests_app.intake.drafts import DraftGone
from requests_app.intake.models import Draft
from requests_app.lifecycle.models import SubjectRequest, Submission
from tests.factories import NOON, ada_asks

pytestmark = pytest.mark.django_db
SECRET = "canary-7f3a"


def _submit(_answers: Mapping[str, Any]) -> Submission:
    return ada_asks().submission


def _kept() -> Draft:
    return drafts.keep_answers(draft=None, question="about", answers={"name": SECRET}, at=NOON)


def test_answers_live_a_day_and_are_then_forgotten() -> None:
    draft = _kept()
    almost, after = NOON + timedelta(hours=23, minutes=59), NOON + timedelta(hours=24)
    assert drafts.find_draft(draft_id=str(draft.pk), at=almost) == draft
    assert drafts.find_draft(draft_id=str(draft.pk), at=after) is None
    assert drafts.forget_drafts(at=almost) == 0
    assert drafts.forget_drafts(at=after) == 1
    assert not Draft.objects.exists()


def test_each_answer_keeps_the_others_and_prolongs_the_day() -> None:
    later = NOON + timedelta(hours=20)
    draft = drafts.keep_answers(draft=_kept(), question="who", answers={"who": "me"}, at=later)
    assert draft.answers == {"about": {"name": SECRET}, "who": {"who": "me"}}
    assert draft.expires_at == later + drafts.LIFE
    assert Draft.objects.count() == 1


def test_answers_lie_sealed_in_the_database() -> None:
    _kept()
    with connection.cursor() as cursor:
        cursor.execute("SELECT requests_app_draft::text FROM requests_app_draft")
        assert SECRET not in cursor.fetchone()[0]


def test_sending_twice_makes_one_request_and_erases_the_answers() -> None:
    draft = _kept()
    first = drafts.send_draft(draft_id=draft.pk, submit=_submit)
    second = drafts.send_draft(draft_id=draft.pk, submit=_submit)
    assert first == second
    assert SubjectRequest.objects.count() == 1
    assert Draft.objects.get().answers == {}


def test_a_draft_that_was_sent_is_not_written_to_again() -> None:
    draft = _kept()
    drafts.send_draft(draft_id=draft.pk, submit=_submit)
    fresh = drafts.keep_answers(draft=draft, question="who", answers={"who": "me"}, at=NOON)
    assert fresh.pk != draft.pk
    assert fresh.answers == {"who": {"who": "me"}}


def test_what_is_gone_cannot_be_sent() -> None:
    with pytest.raises(DraftGone, match="start again"):
        drafts.send_draft(draft_id=uuid4(), submit=_submit)


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_request() -> None:
    draft, sent, gate = _kept(), [], threading.Barrier(6)

    def press() -> None:
        gate.wait()
        sent.append(drafts.send_draft(draft_id=draft.pk, submit=_submit).pk)
        connections.close_all()

    presses = [threading.Thread(target=press) for _ in range(6)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert len(sent) == 6
    assert len(set(sent)) == 1
    assert SubjectRequest.objects.count() == 1
