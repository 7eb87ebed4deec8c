"""Hints to the workers that a row waits: sent at once, or behind the page of somebody who must not wait for them."""

import queue
import threading
from collections.abc import Callable
from contextvars import copy_context

# While the broker does not answer; what does not find room here the sweep offers.
MOST_WAITING = 1000
Send = Callable[[], None]


class _Sender:
    """One thread of this process, begun with its first hint."""

    def __init__(self) -> None:
        self.is_wanted = False
        self._waiting: queue.Queue[Send] = queue.Queue(MOST_WAITING)
        self._begin = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, send: Send) -> None:
        """Send it soon; forget it when too many wait."""
        try:
            self._waiting.put_nowait(send)
        except queue.Full:
            return
        with self._begin:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="hints", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._waiting.get()()


_sender = _Sender()


def send_behind_the_page() -> None:
    """Let a thread of its own do the sending in this process, which serves pages.

    A broker that takes what is sent and does not answer holds its caller for many seconds, whatever limits it is given.
    """
    _sender.is_wanted = True


def send(hint: Send) -> None:
    """Send a hint, which must raise nothing; it keeps the id of the request that it came from."""
    if _sender.is_wanted:
        context = copy_context()
        _sender.take(lambda: context.run(hint))
    else:
        hint()
