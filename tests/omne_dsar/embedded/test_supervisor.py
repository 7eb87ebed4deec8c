"""The supervisor shows, restarts and stops what it runs."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import psutil
import pytest

_SCRIPT = """
import sys
from omne_dsar.embedded.children import Program
from omne_dsar.embedded.supervisor import Stopped, Supervisor

supervisor = Supervisor()
for number, line in enumerate(sys.argv[1:]):
    supervisor.start(Program(name=f"part{number}", command=("sh", "-c", line), patience=1))
supervisor.say("started")
try:
    supervisor.run()
except Stopped:
    supervisor.say("stopping")
finally:
    supervisor.stop()
supervisor.say("stopped")
"""


class Running:
    """A supervisor in a process of its own."""

    def __init__(self, *lines: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_SCRIPT), *lines], stdout=subprocess.PIPE, text=True
        )

    def read_until(self, text: str) -> str:
        """Return what was printed up to a line that holds the text."""
        assert self.process.stdout is not None
        seen = ""
        while text not in seen:
            line = self.process.stdout.readline()
            assert line, f"ended without {text!r}:\n{seen}"
            seen += line
        return seen

    def children(self) -> list[psutil.Process]:
        """Return everything it started."""
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def running() -> Iterator[list[Running]]:
    """A list that ends what is put into it."""
    started: list[Running] = []
    yield started
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def test_lines_stand_behind_the_name_of_who_said_them(running: list[Running]) -> None:
    running.append(one := Running("echo hello; sleep 60"))
    assert "part0    | hello\n" in one.read_until("hello")


def test_what_ends_is_started_again_after_a_growing_pause(running: list[Running]) -> None:
    running.append(one := Running("exit 3"))
    assert "part0 ended (exit code 3); again in 0.5 s." in one.read_until("again in 1 s")


def test_what_is_killed_is_started_again(running: list[Running]) -> None:
    running.append(one := Running("echo here; exec sleep 60"))
    one.read_until("here")
    one.children()[0].kill()
    assert "signal SIGKILL" in one.read_until("part0    | here")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_everything(running: list[Running], number: signal.Signals) -> None:
    running.append(one := Running("echo up; exec sleep 60", "sleep 60 & sleep 60; true"))
    one.read_until("up")
    started = one.children()
    one.process.send_signal(number)
    one.read_until("stopped")
    assert one.process.wait(timeout=5) == 0
    assert psutil.wait_procs(started, timeout=2)[1] == []


def test_whoever_does_not_stop_in_time_is_ended(running: list[Running]) -> None:
    running.append(one := Running("trap '' TERM; echo deaf; while true; do sleep 0.1; done"))
    one.read_until("deaf")
    before = time.monotonic()
    one.process.terminate()
    assert "part0 did not stop in time" in one.read_until("stopped")
    assert time.monotonic() - before < 5


def test_nothing_is_left_when_the_supervisor_itself_is_killed(running: list[Running]) -> None:
    running.append(one := Running("echo up; exec sleep 60"))
    one.read_until("up")
    started = one.children()
    os.kill(one.process.pid, signal.SIGKILL)
    assert psutil.wait_procs(started, timeout=5)[1] == []
