"""Bounces in whatever form they come say whom they are about; what a person wrote is never taken for one."""

import pytest

from requests_app.intake.email.parse import parse_email
from requests_app.intake.inbox.classify import classify_message

QMAIL = (
    "Hi. This is the mail program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following "
    "addresses.\nThis is a permanent error; I've given up.\n\n<gone@there.example>:\n"
    "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\n"
    "--- Below this line is a copy of the message.\n\nReturn-Path: <info@omne.example>\n"
    "Message-ID: <ours@omne.example>\nFrom: info@omne.example\nTo: gone@there.example\nCc: other@there.example\n"
)
OLD = (
    "   ----- The following addresses had permanent fatal errors -----\n<gone@there.example>\n\n"
    "   ----- Transcript of session follows -----\n550 5.1.1 <gone@there.example>... User unknown\n"
)
GERMAN = "Ihre Nachricht konnte nicht zugestellt werden:\n\n  gone@there.example\n    Postfach voll\n"
EXCHANGE = (
    "Your message\n\n  To:      list@others.example\n  Subject: Your data\n\n"
    "did not reach the following recipient(s):\n\n"
    "gone@there.example on Mon, 23 Nov 2026\n    The recipient name is not recognized\n"
)


def mail(sender: str, subject: str, text: str, *more: str) -> bytes:
    lines = [f"From: {sender}", "To: info@omne.example", f"Subject: {subject}", *more, "", text]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("sender", "subject", "text", "more"),
    [
        ("MAILER-DAEMON@mx.example", "failure notice", QMAIL, ()),
        ("Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Returned mail: User unknown", OLD, ()),
        ("postmaster@mx.example", "Unzustellbar: Ihre Daten", GERMAN, ()),
        ("System Administrator <postmaster@mx.example>", "Undeliverable: Your data", EXCHANGE, ()),
        ("x@mx.example", "Delivery failed", "See above.", ("X-Failed-Recipients: gone@there.example",)),
        ("Robot <anything@mx.example>", "Mail delivery failed", GERMAN, ("Return-Path: <>",)),
    ],
)
def test_a_bounce_without_a_standard_says_whom_it_is_about(
    sender: str, subject: str, text: str, more: tuple[str, ...]
) -> None:
    report = parse_email(mail(sender, subject, text, *more)).report
    assert report is not None
    assert report.kind == "delivery"
    assert [(each.address, each.action) for each in report.recipients] == [("gone@there.example", "failed")]


def test_it_names_the_mail_that_came_back_and_why() -> None:
    report = parse_email(mail("MAILER-DAEMON@mx.example", "failure notice", QMAIL)).report
    assert report is not None
    assert report.original_message_id == "<ours@omne.example>"
    assert (report.recipients[0].status, "no such user" in report.recipients[0].diagnostic) == ("5.1.1", True)


def test_a_delay_is_no_failure() -> None:
    text = "This is a warning only.\nYour message to gone@there.example has not yet been delivered.\n"
    report = parse_email(mail("mailer-daemon@mx.example", "Warning: message delayed 24 hours", text)).report
    assert report is not None
    assert report.recipients[0].action == "delayed"


@pytest.mark.parametrize("wrapping", ["multipart/mixed", "multipart/report"])
def test_a_report_is_read_where_a_list_wrapped_it_once_more(wrapping: str) -> None:
    inner = (
        "Content-Type: multipart/report; boundary=i\n\n--i\n\ntext\n--i\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; gone@there.example\nAction: failed\nStatus: 5.0.0\n--i--"
    )
    raw = f"Content-Type: {wrapping}; boundary=o\n\n--o\n{inner}\n--o\n\nfooter of the list\n--o--\n"
    report = parse_email(raw.encode()).report
    assert report is not None
    assert [each.address for each in report.recipients] == ["gone@there.example"]


@pytest.mark.parametrize(
    "text", ["Your mail to bob@x.example could not be delivered. Delete my data!", QMAIL, f"FYI\n\n{GERMAN}"]
)
def test_a_person_who_writes_of_a_bounce_sends_none(text: str) -> None:
    assert parse_email(mail("Ada <ada@x.example>", "Undeliverable: failure notice", text)).report is None


def test_a_request_is_no_bounce_whoever_sends_it() -> None:
    raw = mail(
        "postmaster@small.example", "My data", "Please delete all my personal data: ada@small.example."
    )
    assert classify_message(raw)["outcome"] == "created"
