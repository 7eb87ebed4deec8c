"""What a source has in common across workers: its budget of calls, its token, the exports that run for us.

A connector is made per search and holds nothing; what must outlive it, or be shared, lies here. A connected
source keeps it in the database (`sources.memory`); a connector of no source keeps its own.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

Limits = Sequence[tuple[int, int]]
Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """No call may be made for so many seconds; `told` when the source itself said so."""

    seconds: float
    told: bool = False


class SourceMemory(Protocol):
    """Shared by all who talk to one source at a time."""

    def take_call(self, limits: Limits) -> Wait | None:
        """Count a call against pairs of (calls, seconds), or say how long to wait before asking again."""

    def pause(self, seconds: float) -> None:
        """Let nobody call for a while; a longer pause that is on already stays."""

    def recall(self, name: str) -> Kept:
        """What is kept under a name; empty when nothing is."""

    def slot(self, name: str) -> AbstractContextManager[Kept]:
        """The same, held alone until the end; what it is then is kept, unless an error ends it."""

    def answer_lines(self, order: str) -> Iterator[bytes]:
        """The lines that the source has called back with for an order; none where it has not."""

    def forget_answer(self, order: str) -> None:
        """Delete what the source has called back with; nothing happens where it has not."""


@dataclass
class OwnMemory:
    """The memory of a connector that belongs to no source: gone with it."""

    _calls: deque[float] = field(default_factory=deque)
    _kept: dict[str, Kept] = field(default_factory=dict)
    _answers: dict[str, bytes] = field(default_factory=dict)
    _closed_until: float = 0.0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def take_call(self, limits: Limits) -> Wait | None:
        """Count a call, or say how long to wait."""
        with self._lock:
            now = time.monotonic()
            if self._closed_until > now:
                return Wait(self._closed_until - now, told=True)
            longest = max((seconds for _, seconds in limits), default=0)
            while self._calls and self._calls[0] <= now - longest:
                self._calls.popleft()
            waits = [self._until_free(calls, seconds, now) for calls, seconds in limits]
            if (wait := max(waits, default=0.0)) > 0:
                return Wait(wait)
            self._calls.append(now)
            return None

    def _until_free(self, calls: int, seconds: int, now: float) -> float:
        if len(self._calls) < calls:
            return 0.0
        return self._calls[-calls] + seconds - now

    def pause(self, seconds: float) -> None:
        """Let nobody call for a while."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    def recall(self, name: str) -> Kept:
        """What is kept under a name."""
        return dict(self._kept.get(name, {}))

    @contextmanager
    def slot(self, name: str) -> Iterator[Kept]:
        """The same, held alone until the end."""
        with self._lock:
            held = self.recall(name)
            yield held
            self._kept[name] = held

    def answer_lines(self, order: str) -> Iterator[bytes]:
        """The lines of an answer."""
        return iter(self._answers.get(order, b"").splitlines())

    def forget_answer(self, order: str) -> None:
        """Delete it."""
        self._answers.pop(order, None)
