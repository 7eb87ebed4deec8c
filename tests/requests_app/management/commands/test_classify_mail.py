"""`manage.py classify_mail`, typed as its user types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

REQUEST = b"From: Ada <ada@x.example>\nSubject: My data\n\nPlease delete my account and all my data.\n"
KEYS = {
    "outcome", "reason", "requests", "rights", "looks_like_request", "language", "circumstances", "subject",
    "from_address", "from_name", "text", "attachments",
}  # fmt: skip


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # No server may be needed: the addresses lead nowhere.
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.run(
        [sys.executable, "manage.py", "classify_mail", *arguments],
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, **nowhere, "LC_ALL": "C", "PYTHONUTF8": "0"},
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_one_message_gives_one_line() -> None:
    ran = run(stdin=REQUEST + "Grüße, 田中".encode())
    (line,) = ran.stdout.splitlines()
    answer = json.loads(line)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert answer.keys() >= KEYS
    assert answer["rights"] == ["deletion"]
    assert (answer["looks_like_request"], answer["outcome"], answer["language"]) == ("yes", "created", "en")
    assert answer["text"].endswith("Grüße, 田中")


def test_nothing_on_standard_input_is_a_sentence_and_exit_two() -> None:
    ran = run()
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1
    assert b"Nothing came on standard input" in ran.stderr


def test_a_folder_gives_a_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.eml").write_bytes(REQUEST)
    (tmp_path / "a.eml").write_bytes(b"From: x@y.example\n\nThanks, that works now.")
    (tmp_path / "c.eml").write_bytes(b"\x00\xff\xfe garbage")
    (tmp_path / "folder").mkdir()
    call_command("classify_mail", "--batch", str(tmp_path))
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["file"] for each in answers] == ["a.eml", "b.eml", "c.eml"]
    assert [each["looks_like_request"] for each in answers] == ["no", "yes", "no"]
    assert [each["outcome"] for each in answers] == ["set_aside", "created", "set_aside"]


def test_a_file_that_is_too_much_is_a_line_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.eml").write_bytes(REQUEST + b"x" * 36_000_000)
    (tmp_path / "b.eml").write_bytes(REQUEST)
    call_command("classify_mail", "--batch", str(tmp_path))
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["outcome"], first["reason"], first["subject"]) == ("quarantined", "oversize", "My data")
    assert first.keys() == second.keys()
    assert second["outcome"] == "created"


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder that can be read") as refused:
        call_command("classify_mail", "--batch", str(tmp_path / "missing"))
    assert refused.value.returncode == 2
