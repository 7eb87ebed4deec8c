"""`make demo` for real: it starts, survives kills, stops without leaving anything, and starts again at once."""

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest
from django.conf import settings

from omne_dsar.embedded import ports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_FIRST_START_SECONDS = 240
_SECOND_START_SECONDS = 60


class Demo:
    """A demo in a folder and on ports of its own."""

    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="omne-demo-"))
        names = ("WEB_PORT", "MAILBOX_PORT", "SMTP_PORT", "DESK_PORT")
        self.ports = {name: str(ports.free_port()) for name in names}
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: deque[str] = deque(maxlen=60)

    def start(self, *, seconds: float) -> None:
        """Start it and return when it says that it is ready."""
        left_out = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        inherited = {name: value for name, value in os.environ.items() if name not in left_out}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "omne_dsar.embedded", "demo"],
            cwd=settings.BASE_DIR,
            env={**inherited, **self.ports, "OMNE_VAR": str(self.var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        # Read all the time, so that what it says of itself (a crash among it) is there when a test fails.
        self.listener = threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True)
        self.listener.start()
        self.read_until("Ready after", seconds=seconds)

    def read_until(self, text: str, *, seconds: float = 60) -> None:
        """Take what it has printed since the last look, and what it goes on to print, up to a text."""
        deadline = time.monotonic() + seconds
        seen = [""]
        while text not in seen[-1]:
            try:
                seen.append(self.lines.get(timeout=max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"{text!r} did not come:\n{''.join(seen)}") from None

    def _listen(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.said.append(line)
                self.lines.put(line)

    def part(self, words: str) -> psutil.Process:
        """Return the process whose command line holds the words, nearest to the supervisor."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if words in " ".join(child.cmdline()))

    def stop(self) -> list[psutil.Process]:
        """Stop it as ctrl-C does; return what is left of it."""
        if self.process is None or self.process.poll() is not None:
            return []
        started = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        self.listener.join(timeout=60)
        return psutil.wait_procs(started, timeout=2)[1]


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Say whether the condition came true in time; a process that is not there yet is no answer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(StopIteration, psutil.NoSuchProcess):
            if condition():
                return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A demo that has started once."""
    demo = Demo()
    demo.start(seconds=_FIRST_START_SECONDS)
    yield demo
    left = demo.stop()
    shutil.rmtree(demo.var, ignore_errors=True)
    assert left == []


def test_its_pages_answer(demo: Demo) -> None:
    assert ports.says_ok(int(demo.ports["WEB_PORT"]), "/health/ready")
    assert ports.says_ok(int(demo.ports["MAILBOX_PORT"]), "/")


def test_a_copy_is_carried_to_another_company_and_receipted(demo: Demo) -> None:
    folder = demo.var / "demo" / "wren" / "received"
    assert wait_until(lambda: len(list(folder.glob("*.receipt"))) == 1), "".join(demo.said)


@pytest.mark.parametrize(
    "words", ["-A omne_dsar.celery", "-A omne_dsar.beat", "valkey-server", "postgres -D"]
)
def test_a_part_that_is_killed_comes_back(demo: Demo, words: str) -> None:
    killed = demo.part(words)
    # With all that belongs to it: a busy process of the database notices late that its parent is gone.
    for each in (killed, *killed.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    demo.read_until("signal SIGKILL")
    came_back = wait_until(lambda: demo.part(words).pid != killed.pid)
    answers = wait_until(lambda: ports.says_ok(int(demo.ports["WEB_PORT"]), "/health/ready"))
    assert demo.process is not None
    assert (came_back, answers, demo.process.poll()) == (True, True, None), "".join(demo.said)


def test_a_bare_command_finds_it(demo: Demo) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_audit"],
        cwd=settings.BASE_DIR,
        env={**bare, "OMNE_VAR": str(demo.var), "DJANGO_SETTINGS_MODULE": "omne_dsar.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_second_start_keeps_its_data_and_takes_seconds(demo: Demo) -> None:
    assert demo.stop() == []
    before = time.monotonic()
    demo.start(seconds=_SECOND_START_SECONDS)
    assert time.monotonic() - before < _SECOND_START_SECONDS
