"""`manage.py receive_mail` that ends as by kill -9 before or after the first call of a function: `MODULE:NAME:WHEN`."""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django
from django.core.management import call_command


def die() -> None:
    """End at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(where: str) -> None:
    """Take the message on standard input in, and die there."""
    django.setup()
    module_name, name, when = where.split(":")
    module = import_module(module_name)
    real: Callable[..., Any] = getattr(module, name)

    def dying(*given: Any, **named: Any) -> Any:
        if when == "before":
            die()
        result = real(*given, **named)
        die()
        return result

    setattr(module, name, dying)
    call_command("receive_mail")


if __name__ == "__main__":
    main(sys.argv[1])
