"""The one call: raw bytes → what the mail says and asks for, or why that is not known."""

import atexit
import os
from dataclasses import replace
from threading import BoundedSemaphore, Lock

from requests_app.intake.email.apart.reader import CHILD, Reader, ReaderGone
from requests_app.intake.email.apart.wire import BadAnswer, answer_of
from requests_app.intake.email.limits import DEFAULT_LIMITS
from requests_app.intake.email.parse import headers_alone
from requests_app.intake.email.parsed import Fault
from requests_app.intake.email.read import NotRead, ReadMail, not_read_for

PROCESSOR_SECONDS = 20
WALL_SECONDS = 60.0
MEMORY_BYTES = 512 * 1024 * 1024
# How many mails are read side by side in one process of ours; more wait.
MOST_READERS = 4
TRIES = 2


class Readers:
    """The children of one process of ours, each waiting for its next mail or busy with one."""

    def __init__(
        self,
        *,
        child: str = CHILD,
        seconds: int = PROCESSOR_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory: int = MEMORY_BYTES,
    ) -> None:
        self._child, self._seconds, self._wall_seconds, self._memory = child, seconds, wall_seconds, memory
        self._every: list[Reader] = []
        self._idle: list[Reader] = []
        self._lock = Lock()
        self._places = BoundedSemaphore(MOST_READERS)
        # A worker forks its own workers: what was started before belongs to the one that started it.
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.end)

    def read(self, raw: bytes) -> ReadMail:
        """Return a mail as read and understood. Raises ReaderNotStarted."""
        if len(raw) > DEFAULT_LIMITS.message:
            return _salvaged(raw, NotRead.OVERSIZE)
        for _ in range(TRIES):
            try:
                received, trouble = self._handed(raw)
            except ReaderGone:
                continue
            return _judged(raw, received, trouble)
        return _salvaged(raw, NotRead.DIED)

    def end(self) -> None:
        """Kill every child."""
        with self._lock:
            ending, self._every, self._idle = self._every, [], []
        for reader in ending:
            reader.end()

    def _forget(self) -> None:
        for reader in self._every:
            reader.forget()
        self._every, self._idle = [], []
        # Another thread may have held them when this process was forked.
        self._lock, self._places = Lock(), BoundedSemaphore(MOST_READERS)

    def _handed(self, raw: bytes) -> tuple[bytes, NotRead | None]:
        with self._places:
            reader = self._taken()
            try:
                return reader.read(raw)
            finally:
                with self._lock:
                    if reader.has_ended():
                        self._every = [each for each in self._every if each is not reader]
                    elif reader in self._every:
                        self._idle.append(reader)

    def _taken(self) -> Reader:
        with self._lock:
            while self._idle:
                reader = self._idle.pop()
                if not reader.has_ended():
                    return reader
                reader.end()
                self._every = [each for each in self._every if each is not reader]
            started = Reader(
                child=self._child,
                seconds=self._seconds,
                wall_seconds=self._wall_seconds,
                memory=self._memory,
            )
            self._every.append(started)
            return started


def _judged(raw: bytes, received: bytes, trouble: NotRead | None) -> ReadMail:
    try:
        mail, understanding = answer_of(received, raw)
    except BadAnswer:
        return _salvaged(raw, trouble or NotRead.BAD_ANSWER)
    not_read = not_read_for(mail)
    if understanding is None:
        return ReadMail(mail=mail, not_read=not_read, not_understood=trouble or NotRead.BAD_ANSWER)
    return ReadMail(mail=mail, understanding=understanding, not_read=not_read)


def _salvaged(raw: bytes, reason: NotRead) -> ReadMail:
    mail = headers_alone(raw)
    fault = Fault.OVERSIZE if reason == NotRead.OVERSIZE else Fault.UNREADABLE
    return ReadMail(mail=replace(mail, faults=(fault,)), not_read=reason)


_readers = Readers()


def read_apart(raw: bytes) -> ReadMail:
    """Return what a mail says and asks for, read by a child that may be lost to it. Raises ReaderNotStarted.

    May be called from any thread and from any process that was forked. Each mail has a process of its own with limited
    time and memory; one that outlives its time is killed, and then, as with any other death, the headers are all that
    is told, with the reason in `not_read`.
    """
    return _readers.read(raw)
