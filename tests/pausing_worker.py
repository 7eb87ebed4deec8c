"""The product's worker, which stands still for ever at one place of putting a copy together, and says so in a file."""

import os
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from celery.signals import worker_init

from omne_dsar.celery import app

__all__ = ["app"]


def _pause(*_given: Any, **_named: Any) -> None:
    Path(os.environ["PAUSE_SAID_IN"]).touch()
    time.sleep(3600)


@worker_init.connect
def stand_still(**_signal: Any) -> None:
    """Before the processes of the pool are made, and after Django is ready."""
    build = import_module("fulfillment.bundles.build")
    plain = build.Packing

    class Pausing(plain):  # type: ignore[misc]
        def stream(self) -> Iterator[bytes]:
            for chunk in super().stream():
                yield chunk
                _pause()

    if os.environ["PAUSE_AT"] == "in the middle of the file":
        build.Packing = Pausing
    else:
        build._publish = _pause
