"""Reading a file of JSON lines: every line is looked at, and one that is no JSON object stops the search."""

from collections.abc import Iterator
from typing import IO, Any

from fsspec import AbstractFileSystem

from fulfillment.connectors.damage import DAMAGED, is_damage
from fulfillment.connectors.errors import Fatal, Retryable
from fulfillment.connectors.rows import parse_json

LONGEST_LINE = 16_000_000
LINES_AT_ONCE = 20_000
_BYTES_AT_ONCE = 1 << 20


def json_line_rows(
    filesystem: AbstractFileSystem, path: str, name: str
) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """The objects of a file with the numbers of their lines, part by part; `name` is the file for people.

    Raises Fatal with file and line for anything else than an object, and Retryable when the file cannot be
    read.
    """
    part: list[tuple[int, dict[str, Any]]] = []
    try:
        with filesystem.open(path, "rb", compression="infer") as file:
            for number, line in enumerate(_lines(file), start=1):
                if not line or line.isspace():
                    continue
                part.append((number, _parsed(line, name, number)))
                if len(part) >= LINES_AT_ONCE:
                    yield part
                    part = []
    except (OSError, EOFError, *DAMAGED) as error:
        if is_damage(error):
            raise Fatal(f"{name} is damaged, and cannot be unpacked.") from None
        raise Retryable(f"{name} cannot be read ({type(error).__name__}).") from None
    yield part


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines without their ends; of one that is longer than a line may be, the beginning."""
    rest = b""
    while block := file.read(_BYTES_AT_ONCE):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
        if len(rest) >= LONGEST_LINE:
            break
    yield rest


def _parsed(line: bytes, name: str, number: int) -> dict[str, Any]:
    if len(line) >= LONGEST_LINE:
        raise Fatal(f"{name}, line {number}, is longer than a line may be.")
    try:
        found = parse_json(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Fatal(f"{name}, line {number}, is not a JSON object.")
    return found
