"""The first look at a full house: in pieces that take turns with other work, and one mail for all of it."""

from datetime import UTC, datetime

import pytest
import redis
from django.utils import timezone

from requests_app import tasks
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders import send
from requests_app.reminders.models import ReminderPlan, ReminderTold, StaffMail
from tests.factories import a_request_in, rosa

# The last day of a request of 3 November in Portugal, when the digest is due as well.
LAST_DAY = datetime(2026, 12, 3, 14, 0, tzinfo=UTC)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[SubjectRequest]:
    """Nine cases of Rosa, where a piece of work holds four."""
    monkeypatch.setattr(send, "BATCH", 2)
    monkeypatch.setattr(send, "BATCHES", 2)
    found = [a_request_in(RequestState.IN_REVIEW, email=f"ada{number}@example.org") for number in range(9)]
    SubjectRequest.objects.update(assignee=rosa())
    return found


@pytest.mark.django_db
def test_a_long_look_goes_in_pieces_and_ends_in_one_mail(many: list[SubjectRequest]) -> None:
    pieces = [send.send_reminders(at=LAST_DAY) for _piece in range(2)]
    assert [(piece.count, piece.is_full) for piece in pieces] == [(4, True), (4, True)]
    assert not StaffMail.objects.exists()
    last = send.send_reminders(at=LAST_DAY)
    assert (last.count, last.is_full) == (1, False)
    assert [mail.notice for mail in StaffMail.objects.all()] == ["staff_digest"]
    assert ReminderTold.objects.exclude(mail=None).count() == len(many)


@pytest.mark.django_db(transaction=True)
def test_a_full_piece_lines_up_for_the_next_one_and_the_last_does_not(
    many: list[SubjectRequest], broker: redis.Redis
) -> None:
    lined_up = []
    for _piece in range(3):
        tasks.send_reminders()
        lined_up.append(broker.llen("dates"))
        broker.delete("dates")
    assert lined_up == [1, 1, 0]
    assert not ReminderPlan.objects.filter(look_at__lte=timezone.now()).exists()
