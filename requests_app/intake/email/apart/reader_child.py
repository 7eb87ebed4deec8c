"""Run as a process of its own: it gets warm, gives up what it does not need, and forks once for each mail.

What the kernel guarantees for the fork that reads: at most 20 seconds of processor time and 512 MB of address space;
no further process; and no further file or socket, because it may not open a single descriptor more. It is `nobody`
where it was root, and in a network of its own without any device where the kernel lets us have one. It holds one
mail, one socket that leads to its parent, and dies with the answer.
"""

import codecs
import ctypes
import encodings
import gc
import importlib
import mimetypes
import os
import pkgutil
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

from requests_app.intake.email.apart.wire import LENGTH, frame, mail_frames
from requests_app.intake.email.parse import parse_email
from requests_app.intake.email.read import understand_mail
from requests_app.intake.email.understanding.load import (
    WordsInvalid,
    finder,
    languages,
    law_finder,
    rules,
)

READY = b"ready"
OUT_OF_MEMORY = 3
IDLE_SECONDS = 900
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
NOBODY = 65534
_ONLY_ON_WINDOWS = {"mbcs", "oem"}

Read = Callable[[bytes], Iterator[bytes]]


def read(raw: bytes) -> Iterator[bytes]:
    """Yield the answer to a mail: what it says as soon as that is known, then what it asks for."""
    mail = parse_email(raw)
    yield from mail_frames(mail)
    yield frame(understand_mail(mail))


def serve(reading: Read, seconds: int, memory: int) -> None:
    """Answer the mails whose sockets come through standard input, until that ends or nothing came for long."""
    control = socket.socket(fileno=0)
    try:
        _get_warm()
    except WordsInvalid as broken:
        control.sendall(str(broken).encode())
        return
    _give_up_rights()
    gc.freeze()
    control.sendall(READY)
    control.settimeout(IDLE_SECONDS)
    with suppress(OSError):
        while handed := socket.recv_fds(control, 1, 1)[1]:
            control.sendall(_in_a_fork(handed[0], reading, seconds, memory).to_bytes(4, "big"))


def _in_a_fork(handed: int, reading: Read, seconds: int, memory: int) -> int:
    """Return how the fork ended, as the kernel says it."""
    forked = os.fork()
    if forked == 0:
        try:
            _answer(handed, reading, seconds, memory)
            os._exit(0)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        # Nothing may come back from here into the loop of the process that was forked.
        except BaseException:  # noqa: BLE001
            os._exit(1)
    os.close(handed)
    return os.waitpid(forked, 0)[1]


def _answer(handed: int, reading: Read, seconds: int, memory: int) -> None:
    os.dup2(handed, 0)
    os.close(handed)
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.alarm(seconds * 4)
    for piece in reading(_received()):
        left = memoryview(piece)
        while left:
            left = left[os.write(0, left) :]


def _received() -> bytes:
    size = int.from_bytes(os.read(0, LENGTH), "big")
    raw = bytearray(size)
    view, at = memoryview(raw), 0
    while at < size:
        # `readv` fills the buffer itself: a mail of 35 MB is not held twice.
        got = os.readv(0, [view[at:]])
        if not got:
            os._exit(1)
        at += got
    view.release()
    return bytes(raw)


def _get_warm() -> None:
    """Load everything now: later no file can be opened."""
    for each in languages():
        finder(each)
    law_finder(), rules()
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in _ONLY_ON_WINDOWS:
            importlib.import_module(f"encodings.{module.name}")
            # Some modules are aids and no codecs.
            with suppress(LookupError):
                codecs.lookup(module.name)
    mimetypes.init()
    # The first mail loads what only a mail leads to.
    for _ in read(b"Subject: =?utf-8?q?Delete?=\n\n<html><p>Please delete my data &amp; tell me."):
        pass


def _give_up_rights() -> None:
    """Leave the network and the rights of root, as far as the kernel and the container let us."""
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if os.geteuid() != 0:
        kernel.unshare(_NEW_USER | _NEW_NET)
        return
    kernel.unshare(_NEW_NET)
    with suppress(OSError):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


if __name__ == "__main__":
    serve(read, int(sys.argv[1]), int(sys.argv[2]))
