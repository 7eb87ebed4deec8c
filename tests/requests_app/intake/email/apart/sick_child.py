"""A reader of mail that does to itself what each mail says, as if hostile bytes had got code running in it."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat

from requests_app.intake.email.apart.reader_child import read, serve
from requests_app.intake.email.apart.wire import frame, mail_frames
from requests_app.intake.email.parse import parse_email
from requests_app.intake.email.read import NOT_UNDERSTOOD

UNDERSTOOD = frame(NOT_UNDERSTOOD)
MISTYPED = b'{"subject":7}'


def sick(raw: bytes) -> Iterator[bytes]:
    mail = parse_email(raw)
    answers = {
        "garbage": (b"\x80\x04\x95garbage" * 100,),
        "huge": ((2**62).to_bytes(8, "big"), b"{}"),
        "nul": (frame(replace(mail, subject="a\x00b")), UNDERSTOOD),
        "more": (*mail_frames(mail), UNDERSTOOD, b"more"),
        "mistyped": (len(MISTYPED).to_bytes(8, "big"), MISTYPED),
        "endless": repeat(b"x" * 1_000_000),
    }
    if mail.text in answers:
        yield from answers[mail.text]
    elif mail.text == "reach out":
        yield from (*mail_frames(replace(mail, subject=", ".join(_refusals()))), UNDERSTOOD)
    else:
        if mail.text == "spin later":
            yield from mail_frames(mail)
        _suffer(mail.text)
        yield from read(raw)


def _suffer(words: str) -> None:
    if words == "sleep":
        time.sleep(600)
    if words == "eat":
        bytearray(600_000_000)
    if words == "abort":
        os.abort()
    while words in ("spin", "spin later"):
        pass


ACTS: dict[str, Callable[[], object]] = {
    "file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "socket": socket.socket,
    "pipe": os.pipe,
    "copy": lambda: os.dup(0),
    "process": os.fork,
}


def _refusals() -> Iterator[str]:
    for name, act in ACTS.items():
        try:
            act()
        except OSError:
            yield f"no {name}"


if __name__ == "__main__":
    serve(sick, int(sys.argv[1]), int(sys.argv[2]))
