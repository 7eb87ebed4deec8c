"""Runs several programs as one: their lines behind their names, restarts with back-off, one clean stop."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import IO

from omne_dsar.embedded import children
from omne_dsar.embedded.children import Program

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
# Whoever ran this long had started well: the next pause is short again.
_STEADY_SECONDS = 30.0
_LAST_WORDS_SECONDS = 1.0
_NAME_WIDTH = 9


class Stopped(Exception):
    """Somebody asked the supervisor to stop."""


class Watched:
    """One program, its process at the moment, and when to start it again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.output: IO[bytes] | None = None
        self.pending = b""
        self.started_at = 0.0
        self.start_again_at: float | None = None
        self.pause = _FIRST_PAUSE_SECONDS
        self.once = False
        self.ready = not program.ready_text

    def runs(self) -> bool:
        """Say whether its process is alive."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts programs, shows what they say, and keeps them running until told to stop."""

    def __init__(self, output: IO[str] = sys.stdout) -> None:
        self.watched: dict[str, Watched] = {}
        self._output = output
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._listen_for_signals()

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start a program; from now on it is started again whenever it ends."""
        watched = self.watched.setdefault(program.name, Watched(program))
        process = children.launch(program, output=subprocess.PIPE)
        watched.process, watched.output = process, process.stdout
        if watched.output is not None:
            os.set_blocking(watched.output.fileno(), False)
            self._selector.register(watched.output, selectors.EVENT_READ, watched)
        watched.started_at = time.monotonic()
        watched.start_again_at = None
        return process

    def run_once(self, program: Program, *, meanwhile: Callable[[], None] = lambda: None) -> int:
        """Run a program to its end while the others go on; return its exit code."""
        process = self.start(program)
        self.watched[program.name].once = True
        while process.poll() is None:
            self.tick(0.1)
            meanwhile()
        self._drain(self.watched.pop(program.name))
        return process.returncode

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Keep everything running until the condition holds; say whether it did in time."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.tick(0.05)
        return True

    def run(self) -> None:
        """Keep everything running until told to stop."""
        while True:
            self.tick(1.0)

    def tick(self, seconds: float) -> None:
        """Wait for something to happen, at most so long, and deal with it."""
        for key, _events in self._selector.select(seconds):
            if key.data is None:
                self._wakeup.recv(512)
            else:
                self._show(key.data)
        if self._stopping:
            raise Stopped
        for watched in list(self.watched.values()):
            self._keep_running(watched)

    def is_ready(self, name: str) -> bool:
        """Say whether a program has printed that it is ready."""
        return name in self.watched and self.watched[name].ready

    def say(self, text: str, name: str = "demo") -> None:
        """Print lines behind a name."""
        for line in text.splitlines() or [""]:
            self._output.write(f"{name:<{_NAME_WIDTH}}| {line}\n")
        self._output.flush()

    def stop(self) -> None:
        """Stop everything, the newest first asked, the servers (started first) last."""
        started = list(reversed(self.watched.values()))
        servers = [watched for watched in started if watched.program.name in {"postgres", "valkey"}]
        for group in ([watched for watched in started if watched not in servers], servers):
            self._stop_together(group)

    def _stop_together(self, group: list[Watched]) -> None:
        for watched in group:
            if watched.process is not None:
                children.ask_to_stop(watched.process, watched.program)
        asked_at = time.monotonic()
        while any(watched.runs() for watched in group):
            for key, _events in self._selector.select(0.05):
                if key.data is not None:
                    self._show(key.data)
            for watched in group:
                if watched.runs() and time.monotonic() - asked_at > watched.program.patience:
                    self.say(f"{watched.program.name} did not stop in time and was ended.")
                    self._drain(watched)
        for watched in group:
            self._drain(watched)

    def _keep_running(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.start_again_at is not None:
            if now >= watched.start_again_at:
                self.start(watched.program)
        elif not watched.runs() and watched.process is not None and not watched.once:
            code = watched.process.returncode
            self._drain(watched)
            if now - watched.started_at > _STEADY_SECONDS:
                watched.pause = _FIRST_PAUSE_SECONDS
            where = f"; its lines are in {watched.program.log.parent}" if watched.program.log else ""
            self.say(f"{watched.program.name} ended ({_ending(code)}){where}; again in {watched.pause:g} s.")
            watched.start_again_at = now + watched.pause
            watched.pause = min(watched.pause * 2, _LONGEST_PAUSE_SECONDS)

    def _show(self, watched: Watched) -> None:
        if watched.output is None:
            return
        chunk = watched.output.read()
        *lines, watched.pending = (watched.pending + (chunk or b"")).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            watched.ready = watched.ready or watched.program.ready_text in text
            self.say(text, watched.program.name)
        if chunk == b"":
            self._selector.unregister(watched.output)
            watched.output.close()
            watched.output = None

    def _drain(self, watched: Watched) -> None:
        """End what a process left behind and show its last lines."""
        if watched.process is None:
            return
        children.end_group(watched.process)
        last_look_at = time.monotonic() + _LAST_WORDS_SECONDS
        while watched.output is not None and time.monotonic() < last_look_at:
            self._show(watched)
        watched.process = None

    def _listen_for_signals(self) -> None:
        self._wakeup, writer = socket.socketpair()
        writer.setblocking(False)
        self._selector.register(self._wakeup, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._writer = writer
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
