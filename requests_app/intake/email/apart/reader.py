"""One warm child of ours, and what became of a mail that it was handed."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

from requests_app.intake.email.apart.wire import LENGTH, MOST_BYTES
from requests_app.intake.email.read import NotRead

CHILD = "requests_app.intake.email.apart.reader_child"
BASE = Path(__file__).parents[4]
READY = b"ready"
OUT_OF_MEMORY = 3
STARTING_SECONDS = 120.0
# Between the end of a fork and what its parent says of it lies nothing but a busy machine.
STATUS_SECONDS = 30.0
CHUNK = 1 << 20
SLOW = (-signal.SIGXCPU, -signal.SIGALRM)
# No secret of ours is in the child's environment.
_PASSED_ON = ("PATH", "LANG", "TMPDIR")


class ReaderNotStarted(Exception):
    """The child that reads mail cannot be had: nothing is known of any mail, and each must be tried again."""


class ReaderGone(Exception):
    """The child ended without having looked at the mail, so the mail may be given to another."""


class Reader:
    """A child that reads one mail at a time."""

    def __init__(self, *, child: str = CHILD, seconds: int, wall_seconds: float, memory: int) -> None:
        self._wall_seconds = wall_seconds
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell, no argument from data
                [sys.executable, "-m", child, str(seconds), str(memory)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                cwd=BASE,
                start_new_session=True,
            )
        self._is_ready = False

    @property
    def pid(self) -> int:
        """The process of the child."""
        return self._process.pid

    def read(self, raw: bytes) -> tuple[bytes, NotRead | None]:
        """Return what came back, and why it did not end well. Raises ReaderNotStarted and ReaderGone."""
        if not self._is_ready:
            self._wait()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                try:
                    socket.send_fds(self._control, [b"+"], [theirs.fileno()])
                except OSError as gone:
                    raise ReaderGone from gone
            try:
                received = _talk(ours, raw, until=monotonic() + self._wall_seconds)
            except TimeoutError:
                self.end()
                return b"", NotRead.TOO_SLOW
        return received, self._ending()

    def end(self) -> None:
        """Kill the child and whatever it forked."""
        self._control.close()
        # It leads a session of its own, so its forks go with it; one that is no more needs no end.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def forget(self) -> None:
        """Let go of a child that belongs to the process from which this one was forked."""
        self._control.close()
        self._process.returncode = 0

    def has_ended(self) -> bool:
        """Whether the child is no more."""
        return self._process.poll() is not None

    def _wait(self) -> None:
        self._control.settimeout(STARTING_SECONDS)
        try:
            said = self._control.recv(1000)
        except OSError:
            said = b""
        if said != READY:
            self.end()
            raise ReaderNotStarted(said.decode("utf-8", "replace") or "The reader of mail did not start.")
        self._is_ready = True

    def _ending(self) -> NotRead | None:
        self._control.settimeout(STATUS_SECONDS)
        try:
            status = self._control.recv(4)
        except OSError:
            status = b""
        if len(status) < 4:
            self.end()
            raise ReaderGone
        code = os.waitstatus_to_exitcode(int.from_bytes(status, "big"))
        if code in SLOW:
            return NotRead.TOO_SLOW
        return {0: None, OUT_OF_MEMORY: NotRead.TOO_MUCH_MEMORY}.get(code, NotRead.DIED)


def _talk(ours: socket.socket, raw: bytes, *, until: float) -> bytes:
    """Hand a mail over and return what came back until its reader closed its end. Raises TimeoutError."""
    received = bytearray()
    # A reader that died on the way has closed its end; how it died is asked afterwards.
    with suppress(BrokenPipeError, ConnectionResetError):
        ours.settimeout(max(until - monotonic(), 0.01))
        ours.sendall(len(raw).to_bytes(LENGTH, "big"))
        ours.settimeout(max(until - monotonic(), 0.01))
        ours.sendall(raw)
        while len(received) <= MOST_BYTES:
            ours.settimeout(max(until - monotonic(), 0.01))
            piece = ours.recv(CHUNK)
            if not piece:
                break
            received += piece
    return bytes(received)
