"""Whatever bytes come: nothing is raised, and everything that comes out can be stored."""

import dataclasses
import json
import re
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app.intake.email.limits import DEFAULT_LIMITS
from requests_app.intake.email.parse import read_email
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.inbox.classify import classify_message

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
PIECES = [
    b"From: ", b"Subject: ", b"To: ", b"Content-Type: ", b"Content-Transfer-Encoding: ", b"Content-Disposition: ",
    b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=\"b\"", b"multipart/report", b"message/rfc822",
    b"message/delivery-status", b"text/html; charset=", b"text/plain; charset=", b"utf-7", b"utf-16", b"iso-2022-jp",
    b"gb2312", b"attachment; filename*0*=utf-8''%", b"; name=\"", b"base64", b"quoted-printable", b"x-uuencode",
    b"format=flowed", b"--b", b"--b--", b"\n", b"\n\n", b"\r\n", b"\r", b" ", b"\t", b"=?utf-8?B?", b"=?utf-8?Q?=",
    b"?=", b"=?x?q?\x00?=", b"<", b">", b"(", b")", b"@", b",", b";", b":", b"\"", b"a@x.example", b"<!--", b"<p>",
    b"<a href=", b"begin 644 a\n", b"> ", b"On Monday Ann wrote:\n", b"-- \n", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b$B",
    b"delete my data", "löschen".encode(), "個人情報".encode("cp932"), "بياناتي".encode(), b"=D8=00", b"AAAA", b"=",
]  # fmt: skip
messages = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=60).map(b"".join)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from strings(getattr(value, each.name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages)
def test_no_bytes_raise_and_every_string_can_be_stored(raw: bytes) -> None:
    mail = read_email(raw, ParsedEmail(), DEFAULT_LIMITS)
    assert [text for text in strings(mail) if UNSTORABLE.search(text)] == []
    for attachment in mail.attachments:
        assert attachment.name
        assert "/" not in attachment.name
        assert len(attachment.content) == attachment.size


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages)
def test_whatever_comes_is_classified_as_json(raw: bytes) -> None:
    answer = json.loads(json.dumps(classify_message(raw)))
    assert answer["looks_like_request"] in {"yes", "unsure", "no"}
    assert [text for text in strings(answer) if UNSTORABLE.search(text)] == []
