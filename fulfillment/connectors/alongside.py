"""Let a source take its time: it is read in a thread of its own, so that the lease is kept while it waits."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, Generic, TypeVar

from fulfillment.connectors.base import Heartbeat

T = TypeVar("T")

BEAT_SECONDS = 5.0
AHEAD = 4


@dataclass(frozen=True, slots=True)
class _Ended:
    """The iterator has no more, or failed."""

    error: BaseException | None


@dataclass
class Alongside(Generic[T]):
    """Items of `work`, at most a few ahead of who takes them.

    `cancel` interrupts what `work` waits for; it is called, again and again, when the items are no longer
    wanted.
    """

    work: Generator[T, None, None]
    heartbeat: Heartbeat
    cancel: Callable[[], None]
    _items: "Queue[T | _Ended]" = field(default_factory=lambda: Queue(maxsize=AHEAD))
    _unwanted: Event = field(default_factory=Event)

    def __iter__(self) -> Iterator[T]:
        thread = Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield from self._taken()
        finally:
            self._unwanted.set()
            while thread.is_alive():
                thread.join(0.05)
                if thread.is_alive():
                    self.cancel()

    def _taken(self) -> Iterator[T]:
        while True:
            self.heartbeat()
            try:
                item = self._items.get(timeout=BEAT_SECONDS)
            except Empty:
                continue
            if not isinstance(item, _Ended):
                yield item
            elif item.error is None:
                return
            else:
                raise item.error

    def _run(self) -> None:
        try:
            for item in self.work:
                if not self._gave(item):
                    return
            self._gave(_Ended(None))
        # Whatever ends the work is raised again by the thread that takes the items; only where nobody takes them any
        # more is nobody told, for whoever stopped taking has an error or an end of their own.
        except BaseException as error:  # noqa: BLE001
            self._gave(_Ended(error))
        finally:
            self.work.close()

    def _gave(self, item: Any) -> bool:
        """Hand an item over; False when nobody wants it any more."""
        while not self._unwanted.is_set():
            try:
                self._items.put(item, timeout=0.2)
            except Full:
                continue
            return True
        return False
