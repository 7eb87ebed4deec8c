"""The bad manners of a real service: it limits, dawdles and fails, by counting, so that tests foresee it."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """How the service treats its callers; 0 switches a habit off."""

    per_minute: int = 600
    slow_ms: int = 0
    error_every: int = 0


class Doorkeeper:
    """Counts calls and says which are let in, which must wait and which meet an error."""

    def __init__(self, manners: Manners, clock: Callable[[], float] = time.monotonic) -> None:
        self.manners = manners
        self.clock = clock
        self.lock = threading.Lock()
        self.recent: deque[float] = deque()
        self.answered = 0

    def seconds_to_wait(self) -> int:
        """0 when the call is within the limit, otherwise the seconds until one more is."""
        with self.lock:
            now = self.clock()
            while self.recent and self.recent[0] <= now - 60:
                self.recent.popleft()
            if self.manners.per_minute and len(self.recent) >= self.manners.per_minute:
                return math.ceil(self.recent[0] + 60 - now)
            self.recent.append(now)
            return 0

    def fails_now(self) -> bool:
        """True for every so-many-eth call."""
        with self.lock:
            self.answered += 1
            return bool(self.manners.error_every) and self.answered % self.manners.error_every == 0
