"""What crosses from the child: JSON of known types, then the bytes of the attachments; nothing of it is trusted.

A mail may have got code of its own running in the child. So what comes is decoded into declared types only, each
length is checked, hashes are reckoned here, and no string passes that could not be stored.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from requests_app.intake.email.limits import DEFAULT_LIMITS, MEGABYTE
from requests_app.intake.email.parsed import Attachment, ParsedEmail
from requests_app.intake.email.storable import storable_name
from requests_app.intake.email.understanding.understand import Understanding

# The files of a mail may come twice: wrapped (winmail.dat, smime.p7m) and unwrapped.
MOST_BYTES = 3 * DEFAULT_LIMITS.message + 32 * MEGABYTE
MOST_JSON = 32 * MEGABYTE
LENGTH = 8
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
Value = TypeVar("Value", ParsedEmail, Understanding)


class BadAnswer(Exception):
    """What came from the child is not what a reader sends."""


def mail_frames(mail: ParsedEmail) -> Iterator[bytes]:
    """Yield a mail as it crosses."""
    bare = tuple(replace(each, content=b"") for each in mail.attachments)
    yield frame(replace(mail, attachments=bare))
    for each in mail.attachments:
        yield each.content


def frame(value: ParsedEmail | Understanding) -> bytes:
    """Return a value as JSON behind its length."""
    content = msgspec.json.encode(value)
    return len(content).to_bytes(LENGTH, "big") + content


def answer_of(received: bytes, raw: bytes) -> tuple[ParsedEmail, Understanding | None]:
    """Return the mail that crossed, and what was understood if that came too. Raises BadAnswer."""
    mail, at = _value(received, 0, ParsedEmail)
    attachments = []
    if len(mail.attachments) > DEFAULT_LIMITS.attachments or len(mail.text) > DEFAULT_LIMITS.text:
        raise BadAnswer("It holds more than a mail may hold.")
    for each in mail.attachments:
        if not 0 <= each.size <= len(received) - at:
            raise BadAnswer("An attachment is longer than what came.")
        attachments.append(_attachment(each, received[at : at + each.size]))
        at += each.size
    mail = replace(
        mail, attachments=tuple(attachments), size=len(raw), sha256=hashlib.sha256(raw).hexdigest()
    )
    if at == len(received):
        return mail, None
    understanding, at = _value(received, at, Understanding)
    if at != len(received):
        raise BadAnswer("Something stands behind the answer.")
    return mail, understanding


def _value(received: bytes, at: int, kind: type[Value]) -> tuple[Value, int]:
    length = int.from_bytes(received[at : at + LENGTH], "big")
    start = at + LENGTH
    if start > len(received) or length > min(MOST_JSON, len(received) - start):
        raise BadAnswer("It is shorter than it says.")
    content = memoryview(received)[start : start + length]
    try:
        value = msgspec.json.decode(content, type=kind)
    # A name that is no fault, right or circumstance; a number where a text should be; no JSON at all.
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as broken:
        raise BadAnswer("It is not of the form of an answer.") from broken
    if any(_UNSTORABLE.search(text) for text in _strings(msgspec.to_builtins(value))):
        raise BadAnswer("It holds a string that cannot be stored.")
    return value, start + length


def _attachment(told: Attachment, content: bytes) -> Attachment:
    return replace(
        told,
        name=storable_name(told.name) or "attachment.bin",
        type=told.type if _TYPE.fullmatch(told.type) else "application/octet-stream",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *_strings(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
