"""What a piece of work costs: seconds by the clock, and of processors in all the processes that took part."""

import json
import os
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

_TICK = os.sysconf("SC_CLK_TCK")
# Places in /proc/PID/stat behind the name: parent, own time, time of children that ended.
_PARENT, _TIMES = 1, slice(11, 15)


@dataclass(frozen=True, slots=True)
class Cost:
    """The median of wall seconds; the mean of processor seconds, which the kernel counts too coarsely for one run."""

    wall: float
    cpu: float = 0.0
    best: float = 0.0
    worst: float = 0.0
    times: int = 1


def measured(
    work: Sequence[Callable[[], T]],
    *,
    processes: Iterable[int] = (),
    warm: int = 1,
    prepare: Callable[[], object] = lambda: None,
) -> tuple[Cost, list[T]]:
    """Run these pieces of like work one after another; the first `warm` of them are not counted.

    `processes` are those beside our own whose time counts, with all their children; `prepare` comes before each
    piece, outside the clock. Gives the cost of one, and what each gave.
    """
    watched = [os.getpid(), *processes]
    walls, cpus, gave = [], [], []
    for each in work:
        prepare()
        before, begun = cpu_seconds(watched), perf_counter()
        gave.append(each())
        walls.append(perf_counter() - begun)
        cpus.append(cpu_seconds(watched) - before)
    walls, cpus = walls[warm:], cpus[warm:]
    return Cost(statistics.median(walls), statistics.mean(cpus), min(walls), max(walls), len(walls)), gave


def cpu_seconds(processes: Iterable[int]) -> float:
    """Processor seconds so far of these processes and their children, those that have ended among them."""
    tree = _children()
    # A worker that our own process hired is both: its own time counts once.
    taking_part = {each for process in processes for each in _with_children(process, tree)}
    stats = filter(None, map(_stat, taking_part))
    return sum(sum(map(int, stat[_TIMES])) for stat in stats) / _TICK


def processes_of(process: int) -> list[int]:
    """A process and all its children."""
    return _with_children(process, _children())


def peak_memory(process: int | str = "self") -> float:
    """The most memory a process has held so far, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1_000_000


def say(**figures: object) -> None:
    """Hand figures to the process that asked for them."""
    sys.stdout.write(json.dumps(figures, default=asdict) + "\n")


def _children() -> dict[int, list[int]]:
    tree: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        stat = _stat(int(folder.name)) if folder.name.isdigit() else None
        if stat is not None:
            tree.setdefault(int(stat[_PARENT]), []).append(int(folder.name))
    return tree


def _with_children(process: int, tree: Mapping[int, list[int]]) -> list[int]:
    return [process, *(each for child in tree.get(process, ()) for each in _with_children(child, tree))]


def _stat(process: int) -> list[str] | None:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
