"""The demo's mailbox: mail in, pages out."""

import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from omne_dsar.demo.mailbox.folder import MailFolder
from omne_dsar.demo.mailbox.pages import with_links
from omne_dsar.demo.mailbox.server import MailboxServer
from omne_dsar.demo.mailbox.sink import start_sink
from omne_dsar.embedded import ports

TO = "zoe.lindqvist@example.org"


class RunningMailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.smtp_port = ports.free_port()
        self.server = MailboxServer(MailFolder(folder), 0)
        self.sink = start_sink(self.server.folder, self.smtp_port)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        port = self.server.server_address[1]
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)

    def send(
        self, *, text: str, html: str = "", subject: str = "Your code", to: tuple[str, ...] = (TO,)
    ) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "privacy@omne.example", TO, subject
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as connection:
            connection.send_message(message, to_addrs=list(to))

    def stop(self) -> None:
        self.client.close()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        self.sink.stop()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningMailbox]:
    mailbox = RunningMailbox(tmp_path)
    yield mailbox
    mailbox.stop()


def test_a_mail_is_kept_as_a_file_and_read_as_json_by_its_recipient(running: RunningMailbox) -> None:
    running.send(
        text="Hello Zoë,\nyour code is 123 456.\nhttps://omne.example/c?a=1&b=2.", to=(TO, "copy@example.org")
    )

    found = running.client.get("/messages.json", params={"to": "COPY@example.org"}).json()["messages"]
    assert [mail["subject"] for mail in found] == ["Your code"]
    assert "your code is 123 456.\n" in found[0]["text"]
    assert found[0]["links"] == ["https://omne.example/c?a=1&b=2"]
    assert running.client.get("/messages.json", params={"to": "opy@example.org"}).json()["messages"] == []
    assert len(list(running.folder.glob("*.eml"))) == 1


def test_the_newest_mail_stands_first(running: RunningMailbox) -> None:
    for subject in ("first", "second", "third"):
        running.send(text="x", subject=subject)

    found = running.client.get("/messages.json").json()["messages"]
    assert [mail["subject"] for mail in found] == ["third", "second", "first"]


def test_what_is_in_a_mail_is_shown_as_text_under_a_strict_policy(running: RunningMailbox) -> None:
    running.send(text="<script>alert(1)</script>", subject="<img src=x onerror=alert(1)>")
    name = running.client.get("/messages.json").json()["messages"][0]["id"]

    for path in ("/", f"/mail/{name}"):
        answer = running.client.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")


def test_the_html_part_is_shown_in_a_sandbox_and_the_source_as_text(running: RunningMailbox) -> None:
    running.send(text="plain", html="<p>dressed</p><script>alert(1)</script>")
    name = running.client.get("/messages.json").json()["messages"][0]["id"]

    dressed, source = (running.client.get(f"/mail/{name}/{view}") for view in ("html", "source"))
    assert dressed.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert source.headers["Content-Type"].startswith("text/plain")
    assert "Subject: Your code" in source.text


def test_a_page_elsewhere_cannot_borrow_our_address(running: RunningMailbox) -> None:
    answer = running.client.get("/messages.json", headers={"Host": "evil.example:8025"})

    assert answer.status_code == 421


@pytest.mark.parametrize(
    "path", ["/mail/nothing", "/mail/..%2F..%2Fetc", "/mail/", "/else", "/mail/%00/source"]
)
def test_what_is_not_there_is_said_so(running: RunningMailbox, path: str) -> None:
    answer = running.client.get(path)

    assert answer.status_code == 404
    assert "There is no such mail" in answer.text


def test_mails_survive_a_restart_and_numbers_go_on(tmp_path: Path) -> None:
    first = RunningMailbox(tmp_path)
    first.send(text="x", subject="before")
    first.stop()
    second = RunningMailbox(tmp_path)
    second.send(text="x", subject="after")
    found = second.client.get("/messages.json").json()["messages"]
    second.stop()

    assert [mail["subject"] for mail in found] == ["after", "before"]


def test_a_link_ends_before_the_stop_of_its_sentence() -> None:
    assert with_links("See https://a.example/x?y=1&z=2.") == (
        'See <a href="https://a.example/x?y=1&amp;z=2" rel="noreferrer">https://a.example/x?y=1&amp;z=2</a>.'
    )
