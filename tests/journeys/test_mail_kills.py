"""Whatever moment a receiver is killed at, its mail becomes exactly one request: it is handed over again."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db.models.functions import Now
from pytest_django import Settings

from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.intake.inbox.models import InboundEmail, MailOutcome
from requests_app.intake.inbox.work import raw_of, work_on_mail
from requests_app.leases.clock import database_now
from requests_app.leases.lease import due
from requests_app.lifecycle.models import SubjectRequest, Submission
from tests.requests_app.intake.inbox.mails import a_mail
from tests.servers import database_url
from tests.worker import shared_keys

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
INBOX = "requests_app.intake.inbox"
MOMENTS = (
    f"{INBOX}.receive:_stored:before",
    f"{INBOX}.receive:_stored:after",
    f"{INBOX}.receive:_claim:after",
    f"{INBOX}.work:take:after",
    f"{INBOX}.work:read_apart:after",
    f"{INBOX}.work:screen:after",
    f"{INBOX}.work:decide:after",
    f"{INBOX}.act:submit_requests:after",
    f"{INBOX}.act:answer:after",
    f"{INBOX}.work:act:after",
    f"{INBOX}.work:record:after",
    f"{INBOX}.doors.pipe:work_on_mail:after",
    f"{INBOX}.doors.pipe:told:after",
)


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _handed_over(raw: bytes, *program: str) -> int:
    """What a mail server does with a mail; the exit code that it sees."""
    ran = subprocess.run(
        [sys.executable, *program],
        cwd=configured.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "STORE_URL": configured.STORE_URL,
            **shared_keys(),
        },
        input=raw,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ran.returncode


def _work_on_what_is_due() -> None:
    """The lease of a killed receiver runs out; then the sweep offers its mail."""
    InboundEmail.objects.filter(leased_until__isnull=False).update(leased_until=Now() - timedelta(seconds=1))
    for email_id in due(InboundEmail):
        work_on_mail(email_id=email_id, at=database_now())


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.removeprefix(f"{INBOX}."))
def test_a_killed_receiver_makes_neither_two_requests_nor_none(moment: str) -> None:
    raw = a_mail()
    assert _handed_over(raw, "-m", "tests.dying_receiver", moment) == -signal.SIGKILL
    assert _handed_over(raw, "manage.py", "receive_mail") == 0
    _work_on_what_is_due()
    email = InboundEmail.objects.get()
    asked = SubjectRequest.objects.get()
    assert (email.outcome, email.submission) == (MailOutcome.CREATED, asked.submission)
    assert raw_of(email) == raw
    assert (Submission.objects.count(), Message.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(event="mail.ended").count() == 1
