"""What the servers say: a file beside the data of each, begun anew at every start, quoted when a start fails."""

import os
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_QUOTED_LINES = 12


def begin(log: Path) -> BinaryIO:
    """Open an empty file for the lines of one start, readable only by us; those of the start before are kept."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    return os.fdopen(os.open(log, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600), "wb")


def failed_start(name: str, log: Path) -> str:
    """Say that a server did not start, where all its lines are, and the last of them."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        return quoted(f"{name} did not start. The last lines of {log}:", lines)


def quoted(sentence: str, lines: Iterable[str]) -> str:
    """Put the last of the lines under a sentence."""
    last = [line.rstrip() for line in deque(lines, _QUOTED_LINES)]
    return "\n  ".join((sentence, *(last or ["(nothing)"])))
