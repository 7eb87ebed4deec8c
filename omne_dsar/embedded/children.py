"""Start and stop child processes so that none outlives us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omne_dsar.embedded import logs

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system whom a child runs as."""

    user_id: int
    group_id: int


@dataclass(frozen=True, slots=True)
class Program:
    """A command to run as a child, and how it wants to be asked to stop."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Where its lines go instead of to us.
    log: Path | None = None
    # What it prints when it is of use to others.
    ready_text: str = ""
    # After this many seconds it is no longer asked.
    patience: float = 10.0
    # What has to be done each time before it begins.
    clear_the_way: Callable[[], object] = lambda: None


def launch(program: Program, *, output: int | None = None) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own; it gets its stop signal too when we die without a word."""
    program.clear_the_way()
    if program.log is not None:
        with logs.begin(program.log) as log:
            return _launched(program, log.fileno())
    return _launched(program, output)


def _launched(program: Program, output: int | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the command lines are our own
        program.command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env={**os.environ, **program.environment},
        cwd=program.folder,
        start_new_session=True,
        preexec_fn=_stop_with_parent(program.stop_signal),
        **switch_to(program.account),
    )


def switch_to(account: Account | None) -> dict[str, Any]:
    """Return the arguments that run a child as somebody else, without any group of ours."""
    if account is None:
        return {}
    return {"user": account.user_id, "group": account.group_id, "extra_groups": []}


def ask_to_stop(child: subprocess.Popen[bytes], program: Program) -> None:
    """Send the program's stop signal."""
    if child.poll() is None:
        child.send_signal(program.stop_signal)


def stop(child: subprocess.Popen[bytes], program: Program) -> None:
    """Ask the child to stop, wait for it, and end what is left of its group."""
    ask_to_stop(child, program)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=program.patience)
    end_group(child)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started, without asking."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _stop_with_parent(stop_signal: signal.Signals) -> "_StopWithParent | None":
    return _StopWithParent(stop_signal, os.getpid()) if sys.platform == "linux" else None


class _StopWithParent:
    """Runs in the child between fork and exec: the kernel will send it the signal when its parent is gone."""

    def __init__(self, stop_signal: signal.Signals, parent: int) -> None:
        self.stop_signal = stop_signal
        self.parent = parent
        self.libc = ctypes.CDLL(None)

    def __call__(self) -> None:
        """Register with the kernel, and leave at once if the parent died meanwhile."""
        self.libc.prctl(_PR_SET_PDEATHSIG, int(self.stop_signal))
        if os.getppid() != self.parent:
            os._exit(1)
