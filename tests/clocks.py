"""A wrong time of day for a process that a test starts, or the right one of years later."""

from importlib.util import find_spec
from pathlib import Path


def clock_off_by(seconds: int) -> dict[str, str]:
    """An environment in which the time of day is another one; what is measured stays what it is."""
    found = find_spec("libfaketime")
    assert found is not None
    assert found.origin is not None
    library = Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
