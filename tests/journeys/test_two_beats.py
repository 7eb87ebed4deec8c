"""Two beats and two workers, real processes all: every reminder is sent once, to each reader once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.models import ReminderSent, ReminderTold, StaffMail
from requests_app.roles import Role
from tests.beat import RealBeat
from tests.factories import a_request_in, rosa, staff
from tests.mailbox import Mailbox, text_of
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def beats(broker_address: str, tmp_path: Path) -> Iterator[list[RealBeat]]:
    found = [RealBeat(broker_url=broker_address, folder=tmp_path, name=f"beat{number}") for number in (1, 2)]
    yield found
    for beat in found:
        beat.stop()


def _all_is_told_and_sent() -> bool:
    waiting = StaffMail.objects.filter(work_state=WorkState.WAITING)
    overdue = ReminderSent.objects.filter(kind="overdue").values("subject_request").distinct()
    return (
        overdue.count() == 10 and not waiting.exists() and not ReminderTold.objects.filter(mail=None).exists()
    )


def test_every_reminder_is_sent_once(
    hire_worker: Callable[[], RealWorker], beats: list[RealBeat], mailbox: Mailbox
) -> None:
    worker, lead = rosa(), staff("Ana Lead", Role.PRIVACY_LEAD)
    long_ago = timezone.now() - timedelta(days=60)
    late = [a_request_in(RequestState.IN_REVIEW, email=f"ada{n}@example.org", at=long_ago) for n in range(10)]
    SubjectRequest.objects.update(assignee=worker)
    hire_worker(), hire_worker()
    for beat in beats:
        beat.start()
    wait_until(_all_is_told_and_sent, seconds=120)
    poked = [beat.pokes for beat in beats]
    wait_until(lambda: all(beat.pokes >= before + 8 for beat, before in zip(beats, poked, strict=True)))
    for beat in beats:
        beat.stop()
    wait_until(_all_is_told_and_sent)

    assert min(beat.pokes for beat in beats) > 8
    rows = ReminderSent.objects.filter(kind="overdue")
    assert Counter(rows.values_list("level", flat=True)) == {"assignee": 10, "team": 10}
    assert StaffMail.objects.exclude(work_state=WorkState.DONE).count() == 0
    for member in (worker, lead):
        mails = mailbox.sent_to(member.email)
        assert len({str(mail["Message-ID"]) for mail in mails}) == len(mails)
        assert len(mails) == StaffMail.objects.filter(member=member).count()
        announced = Counter(
            each.reference for each in late for mail in mails if each.reference in _new_in(text_of(mail))
        )
        assert announced == {each.reference: 1 for each in late}


def _new_in(text: str) -> str:
    """What a mail says is new: all of a reminder, of a digest its first part."""
    return text.partition("== Your cases ==")[0].partition("== The team's cases ==")[0]
