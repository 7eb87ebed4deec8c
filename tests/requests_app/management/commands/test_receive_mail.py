"""`manage.py receive_mail`, typed as a mail server types it."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from requests_app.intake.inbox import work
from requests_app.intake.inbox.models import InboundEmail
from requests_app.intake.inbox.work import work_on_mail
from requests_app.leases.clock import database_now
from requests_app.lifecycle.models import SubjectRequest
from tests.requests_app.intake.inbox.mails import a_mail

pytestmark = pytest.mark.django_db
KEYS = {
    "outcome", "reason", "requests", "rights", "looks_like_request", "language", "circumstances", "subject",
    "from_address", "from_name", "text", "attachments",
}  # fmt: skip


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    """Type the command with a message on standard input; gives its line as JSON."""

    def type_it(raw: bytes, *arguments: str) -> dict[str, object]:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("receive_mail", *arguments)
        (line,) = capsys.readouterr().out.splitlines()
        answer: dict[str, object] = json.loads(line)
        return answer

    return type_it


def test_one_message_gives_one_line_with_its_request(typed: object) -> None:
    answer = typed(a_mail(), "--sender", "ada@example.org", "--recipient", "info@omnesoft.com")  # type: ignore[operator]
    asked = SubjectRequest.objects.get()
    assert answer.keys() == KEYS
    assert (answer["outcome"], answer["requests"]) == ("created", [asked.reference])
    assert (answer["rights"], answer["from_name"]) == (["access"], "Ada Park")


def test_the_same_bytes_twice_are_one_mail_and_say_the_same(typed: object) -> None:
    raw = a_mail()
    assert typed(raw) == typed(raw)  # type: ignore[operator]
    assert InboundEmail.objects.count() == 1
    assert SubjectRequest.objects.count() == 1


def test_garbage_is_an_item_and_no_error(typed: object) -> None:
    answer = typed(b"\x00\xff\xfe not a mail at all")  # type: ignore[operator]
    assert answer["outcome"] in {"triage", "set_aside", "quarantined"}
    assert InboundEmail.objects.get().outcome == answer["outcome"]


def test_nothing_on_standard_input_is_a_sentence_and_exit_two(typed: object) -> None:
    with pytest.raises(CommandError, match="Nothing came") as refused:
        typed(b"\n")  # type: ignore[operator]
    assert refused.value.returncode == 2


def test_a_store_that_cannot_be_written_leaves_the_mail_with_its_server(
    typed: object, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    settings.STORE_URL = (tmp_path / "store").as_uri()
    with pytest.raises(CommandError) as refused:
        typed(a_mail())  # type: ignore[operator]
    assert refused.value.returncode == 75
    assert not InboundEmail.objects.exists()


def test_what_breaks_after_a_mail_is_stored_is_tried_again_and_never_sent_again(
    typed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "act", lambda *_given, **_named: 1 / 0)
    answer = typed(a_mail())  # type: ignore[operator]
    email = InboundEmail.objects.get()
    assert (answer["outcome"], email.outcome, email.work_state) == ("stored", "", "waiting")
    assert "ZeroDivisionError" in email.last_error
    monkeypatch.undo()
    InboundEmail.objects.update(next_attempt_at=database_now())
    assert work_on_mail(email_id=email.pk, at=database_now())
    assert SubjectRequest.objects.count() == 1


def test_a_mail_that_breaks_our_code_again_and_again_is_for_a_person(
    typed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "decide", lambda *_given, **_named: 1 / 0)
    raw = a_mail(subject="Breaks")
    for _ in range(4):
        typed(raw)  # type: ignore[operator]
        InboundEmail.objects.update(next_attempt_at=database_now())
    email = InboundEmail.objects.get()
    assert (email.outcome, email.reason, email.said["subject"]) == ("quarantined", "broke", "Breaks")
