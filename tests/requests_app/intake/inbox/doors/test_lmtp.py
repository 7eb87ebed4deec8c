"""The listener for our own mail server: 250 once a mail is stored, and otherwise the mail server keeps it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from requests_app.errors import BadInput
from requests_app.intake.inbox.doors.lmtp import read_place
from requests_app.intake.inbox.models import Door, InboundEmail, MailOutcome
from requests_app.intake.inbox.work import raw_of, work_on_mail
from requests_app.leases.clock import database_now
from requests_app.lifecycle.models import SubjectRequest
from tests.listener import Listener
from tests.requests_app.intake.inbox.mails import a_mail


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def listener(transactional_db: None) -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


def _files(tmp_path: Path) -> list[Path]:
    return [each for each in (tmp_path / "store").rglob("*") if each.is_file()]


def test_a_mail_is_stored_with_its_envelope_before_it_is_answered(listener: Listener) -> None:
    raw = a_mail(to="info+r.abc@omnesoft.com").replace(b"\n", b"\r\n")
    to = ["info@omnesoft.com", "dpo@omnesoft.com"]
    answers = listener.deliver(raw, sender="bounce@agent.example", to=to)
    email = InboundEmail.objects.get()
    assert answers == [250, 250]
    assert (email.door, email.mail_from) == (Door.LMTP, "bounce@agent.example")
    assert email.rcpt_to == ["info@omnesoft.com", "dpo@omnesoft.com"]
    assert raw_of(email) == raw


def test_a_mail_that_is_sent_again_because_our_answer_was_lost_is_one_request(listener: Listener) -> None:
    raw = a_mail()
    for _ in range(3):
        listener.deliver(raw)
    email = InboundEmail.objects.get()
    assert work_on_mail(email_id=email.pk, at=database_now())
    assert SubjectRequest.objects.count() == 1


def test_the_empty_sender_of_a_bounce_is_a_sender(listener: Listener) -> None:
    listener.deliver(a_mail(), sender="")
    email = InboundEmail.objects.get()
    work_on_mail(email_id=email.pk, at=database_now())
    email.refresh_from_db()
    assert (email.outcome, email.answer_reason) == (MailOutcome.CREATED, "no_return")


@pytest.mark.django_db(transaction=True)
def test_what_went_wrong_is_logged_and_nobody_is_named() -> None:
    listener = Listener().__enter__()
    listener.write_no_more()
    listener.deliver(a_mail(), sender="zqx7canary@example.org")
    logged = listener.kill()
    assert "could not be stored (StoreFull)" in logged
    assert "zqx7canary" not in logged


def test_bytes_that_are_no_mail_are_stored_all_the_same(listener: Listener) -> None:
    assert listener.deliver(bytes(range(256)) * 40) == [250]
    assert InboundEmail.objects.count() == 1


def test_a_full_disk_leaves_the_mail_with_its_server(listener: Listener, tmp_path: Path) -> None:
    listener.write_no_more()
    assert listener.deliver(a_mail()) == [451]
    assert not InboundEmail.objects.exists()
    assert _files(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_leaves_the_mail_with_its_server() -> None:
    with Listener(environment={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}) as listener:
        assert listener.deliver(a_mail(), to=["info@omnesoft.com", "dpo@omnesoft.com"]) == [451, 451]
    assert not InboundEmail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_socket_that_a_killed_listener_left_behind_is_taken_over(tmp_path: Path) -> None:
    place = f"unix:{tmp_path}/lmtp"
    with Listener(place=place):
        pass
    assert (tmp_path / "lmtp").exists()
    with Listener(place=place) as listener:
        assert os.stat(tmp_path / "lmtp").st_mode & 0o777 == 0o660
        assert listener.deliver(a_mail()) == [250]
        assert InboundEmail.objects.count() == 1


def test_it_ends_politely_when_it_is_told_to(listener: Listener) -> None:
    listener.process.send_signal(signal.SIGTERM)
    assert listener.process.wait(timeout=20) == 0
    with pytest.raises(ConnectionRefusedError):
        listener.connected()


@pytest.mark.parametrize(
    "place", ["", "unix:", "2424", "0.0.0.0:2424", "mx.example:24", "127.0.0.1:99999", "[::]:24"]
)
def test_only_this_machine_is_listened_to(place: str) -> None:
    with pytest.raises(BadInput, match="Listen at"):
        read_place(place)
