"""What commands are given beside their arguments: settings and secrets, which no argument may hold."""

import json
import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

STANDARD_INPUT = 0
# Longer than any key; a whole file by mistake is not read to its end.
LONGEST_SECRET = 100_000


def settings_from(name: str) -> dict[str, Any]:
    """The settings in a JSON file, or on standard input for `-`. Raises CommandError."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        values = json.loads(text)
    except OSError as error:
        raise CommandError(f"The settings {name} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise CommandError("The settings must be JSON: an object of names and values.") from None
    if not isinstance(values, dict):
        raise CommandError("The settings must be JSON: an object of names and values.")
    return values


def secret_from(descriptor: int) -> str:
    """The secret that a file descriptor gives, without the end of its last line; asked for, unseen, at a terminal.

    Raises CommandError, which never says what was read.
    """
    if descriptor == STANDARD_INPUT and sys.stdin.isatty():
        return getpass("New secret (not shown): ")
    try:
        with open(descriptor, "rb", closefd=False) as given:
            content = given.read(LONGEST_SECRET + 1)
    except (OSError, ValueError):
        raise CommandError(f"File descriptor {descriptor} is not open for reading.") from None
    if len(content) > LONGEST_SECRET:
        raise CommandError(f"That is longer than {LONGEST_SECRET:,} bytes: no secret is.")
    try:
        return content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CommandError("The secret must be text in UTF-8.") from None
