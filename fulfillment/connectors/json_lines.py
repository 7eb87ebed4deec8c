"""Reading a file of JSON lines: every line is looked at, and one that is no JSON object stops the search."""

from collections.abc import Iterator
from typing import Any

from fsspec import AbstractFileSystem

from fulfillment.connectors.errors import Fatal, Retryable
from fulfillment.connectors.rows import parse_json

LONGEST_LINE = 16_000_000
LINES_AT_ONCE = 20_000


def json_line_rows(
    filesystem: AbstractFileSystem, path: str, name: str
) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """The objects of a file with the numbers of their lines, part by part; `name` is the file for people.

    Raises Fatal with file and line for anything else than an object, and Retryable when the file cannot be
    read.
    """
    part: list[tuple[int, dict[str, Any]]] = []
    try:
        with filesystem.open(path, "rb", compression="infer") as lines:
            number = 0
            while line := lines.readline(LONGEST_LINE):
                number += 1
                if line.isspace():
                    continue
                part.append((number, _parsed(line, name, number)))
                if len(part) >= LINES_AT_ONCE:
                    yield part
                    part = []
    except (OSError, EOFError) as error:
        raise Retryable(f"{name} cannot be read ({type(error).__name__}).") from None
    yield part


def _parsed(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        found = parse_json(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        what = "is longer than a line may be" if len(line) >= LONGEST_LINE else "is not a JSON object"
        raise Fatal(f"{name}, line {number}, {what}.")
    return found
