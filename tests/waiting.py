"""Wait for something to be so, by asking again, never by guessing how long it takes."""

import time
from collections.abc import Callable


def wait_until(
    question: Callable[[], object], *, seconds: float = 45, meanwhile: Callable[[], object] | None = None
) -> None:
    """Return once the answer is yes; `meanwhile` is done twice a second until then."""
    ends_at, poke_at = time.monotonic() + seconds, 0.0
    while not question():
        if time.monotonic() > ends_at:
            raise AssertionError(f"not so within {seconds} seconds: {question.__qualname__}")
        if meanwhile is not None and time.monotonic() >= poke_at:
            poke_at = time.monotonic() + 0.5
            meanwhile()
        time.sleep(0.03)
