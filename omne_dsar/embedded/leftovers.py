"""Server processes whose postmaster was killed: they hold its shared memory, and no new one may begin meanwhile."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_GONE_WITHIN_SECONDS = 10.0
_PROCESSES = Path("/proc")


def end_leftovers(data: Path, program: Path) -> int:
    """End what a killed postmaster left at work in this folder of data. Returns how many there were.

    A backend that is busy notices only when it next waits that its postmaster is gone; until then PostgreSQL refuses
    to start. Its work is lost in any case: recovery begins at the last commit. While a postmaster lives nothing is
    touched, and elsewhere than on Linux neither: there nobody says whose a process is.
    """
    if sys.platform != "linux" or _is_at_work(_postmaster(data), data, program):
        return 0
    found = list(_at_work(data, program))
    for each in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    until = time.monotonic() + _GONE_WITHIN_SECONDS
    while any(_is_at_work(each, data, program) for each in found) and time.monotonic() < until:
        time.sleep(0.02)
    return len(found)


def _postmaster(data: Path) -> int:
    """The process that the folder itself names as its server's; 0 for none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    return 0


def _at_work(data: Path, program: Path) -> Iterator[int]:
    for folder in _PROCESSES.iterdir():
        if folder.name.isdecimal() and _is_at_work(int(folder.name), data, program):
            yield int(folder.name)


def _is_at_work(process: int, data: Path, program: Path) -> bool:
    """Whether a process is this very program, and at work in this very folder; one that has ended is neither."""
    place = _PROCESSES / str(process)
    try:
        return (
            process > 0 and place.joinpath("cwd").samefile(data) and place.joinpath("exe").samefile(program)
        )
    except OSError:
        return False
