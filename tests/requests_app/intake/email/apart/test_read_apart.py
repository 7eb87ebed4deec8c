"""A mail is read by a process that may be lost to it; nobody else is."""

import asyncio
import base64
import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from requests_app.intake.email.apart.read_apart import MEMORY_BYTES, Readers, read_apart
from requests_app.intake.email.apart.reader import ReaderNotStarted
from requests_app.intake.email.parsed import Fault
from requests_app.intake.email.read import NotRead, ReadMail, read_mail

SICK = "tests.requests_app.intake.email.apart.sick_child"
WELL = b"From: Ada <ada@x.example>\nSubject: My data\n\nPlease delete my account and all my data.\n"


def saying(words: str) -> bytes:
    return b"From: Mallory <m@x.example>\nSubject: Harm\nMessage-ID: <m1@x.example>\n\n" + words.encode()


@pytest.fixture(scope="module")
def sick() -> Iterator[Readers]:
    readers = Readers(child=SICK, seconds=1, wall_seconds=5, memory=MEMORY_BYTES)
    yield readers
    readers.end()


def test_what_comes_back_is_what_reading_here_gives() -> None:
    file = b"Content-Type: image/png; name=a.png\n\n\x89PNG\x00\xff"
    raw = WELL[:-1].replace(b"\n\n", b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n")
    raw += b"\n--b\n" + file + b"\n--b--\n"
    read = read_apart(raw)
    assert read == read_mail(raw)
    assert read.mail.attachments[0].content == b"\x89PNG\x00\xff"
    assert [right.value for right in read.understanding.rights] == ["deletion"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("spin", NotRead.TOO_SLOW),
        ("sleep", NotRead.TOO_SLOW),
        ("eat", NotRead.TOO_MUCH_MEMORY),
        ("abort", NotRead.DIED),
        ("garbage", NotRead.BAD_ANSWER),
        ("huge", NotRead.BAD_ANSWER),
        ("endless", NotRead.BAD_ANSWER),
        ("nul", NotRead.BAD_ANSWER),
        ("more", NotRead.BAD_ANSWER),
        ("mistyped", NotRead.BAD_ANSWER),
    ],
)
def test_a_reader_that_is_lost_leaves_the_headers_and_the_reason(
    sick: Readers, words: str, reason: NotRead
) -> None:
    read = sick.read(saying(words))
    # More than a socket holds may have been sent when nobody listens any more.
    assert read.not_read == reason or (words == "endless" and read.not_read == NotRead.DIED)
    assert (read.mail.subject, read.mail.from_address) == ("Harm", "m@x.example")
    assert (read.mail.message_id, read.mail.text) == ("<m1@x.example>", "")
    assert read.mail.faults == (Fault.UNREADABLE,)
    assert sick.read(WELL) == read_mail(WELL)


def test_a_mail_that_was_read_stays_read_when_understanding_it_fails(sick: Readers) -> None:
    read = sick.read(saying("spin later"))
    assert (read.not_read, read.not_understood) == (None, NotRead.TOO_SLOW)
    assert read.mail.text == "spin later"
    assert read.understanding.looks_like_request == "unsure"


def test_whoever_takes_the_reader_over_can_reach_nothing(sick: Readers) -> None:
    read = sick.read(saying("reach out"))
    assert read.mail.subject == "no file, no socket, no pipe, no copy, no process"


def test_nothing_of_ours_is_in_the_environment_of_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELD_KEYS", "canary-of-the-keys")
    readers = Readers()
    readers.read(WELL)
    (reader,) = readers._every
    assert b"canary" not in Path(f"/proc/{reader.pid}/environ").read_bytes()
    readers.end()
    assert not psutil.pid_exists(reader.pid)


def test_a_reader_that_was_killed_is_replaced(sick: Readers) -> None:
    sick.read(WELL)
    for reader in sick._every:
        os.killpg(reader.pid, signal.SIGKILL)
    assert sick.read(WELL) == read_mail(WELL)


def test_a_reader_that_cannot_be_had_says_nothing_of_the_mail() -> None:
    with pytest.raises(ReaderNotStarted):
        Readers(child="no.such.module").read(WELL)


def test_one_hostile_mail_delays_the_others_by_nothing_of_theirs(sick: Readers) -> None:
    with ThreadPoolExecutor(3) as threads:
        slow = threads.submit(sick.read, saying("sleep"))
        others = [threads.submit(sick.read, WELL) for _ in range(10)]
        assert all(each.result() == read_mail(WELL) for each in others)
        assert not slow.done()
        assert slow.result().not_read == NotRead.TOO_SLOW


def test_it_works_beside_an_event_loop() -> None:
    async def both() -> list[ReadMail]:
        return await asyncio.gather(*(asyncio.to_thread(read_apart, WELL) for _ in range(6)))

    assert asyncio.run(both()) == [read_mail(WELL)] * 6


def test_a_process_that_was_forked_has_readers_of_its_own(tmp_path: Path) -> None:
    """As Celery's workers are: what the first process started stays with it."""
    read_apart(WELL)
    forked = os.fork()
    if forked == 0:
        answer = read_apart(WELL)
        (tmp_path / "subject").write_text(json.dumps([answer.mail.subject, answer.not_read]))
        os._exit(0)
    os.waitpid(forked, 0)
    assert json.loads((tmp_path / "subject").read_text()) == ["My data", None]
    assert read_apart(WELL) == read_mail(WELL)


def test_the_largest_mail_fits_the_limits() -> None:
    content = secrets.token_bytes(25_500_000)
    raw = b"Subject: Big\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nplease delete my data\n--b\n"
    raw += b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    raw += base64.encodebytes(content) + b"\n--b--\n"
    assert 34_000_000 < len(raw) < 35_000_000
    read = read_apart(raw)
    assert (read.not_read, read.not_understood) == (None, None)
    assert [each.content for each in read.mail.attachments] == [content]


def test_what_is_too_large_is_not_handed_over() -> None:
    read = read_apart(saying("x" * 35_000_001))
    assert (read.not_read, read.mail.subject) == (NotRead.OVERSIZE, "Harm")


def test_thirty_mails_a_second_are_little() -> None:
    read_apart(WELL)
    started = time.monotonic()
    for _ in range(30):
        read_apart(WELL)
    assert time.monotonic() - started < 3
