"""Has records looked at by a child process, which may be lost to a value made to hurt; the sweep goes on."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fulfillment.connectors.rows import json_line
from fulfillment.traces.judge import Kind
from fulfillment.traces.person import Identifier, KnownPerson

CHILD = "fulfillment.sweeps.look_child"
BASE = Path(__file__).parents[2]
LONGEST_SECONDS = 30.0
# No secret of ours is in the child's environment.
_PASSED_ON = ("PATH", "LANG", "TMPDIR")


@dataclass(frozen=True)
class SeenHit:
    """One hit, as the child tells it."""

    identifier: Identifier
    column: str
    way: tuple[str, ...]
    is_whole: bool
    words: str = field(repr=False)


@dataclass(frozen=True)
class Seen:
    """What was found in a record. `is_lost` says that the child gave up on it: nobody knows what it holds."""

    kind: Kind | None
    hits: tuple[SeenHit, ...] = ()
    cut: tuple[str, ...] = ()
    is_lost: bool = False


class Looker:
    """One child for one person; started when it is needed, and again after it was lost."""

    def __init__(self, person: KnownPerson) -> None:
        self._person = person
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def seen(self, record: Mapping[str, Any]) -> Seen:
        """What a record holds of the person."""
        child = self._child or self._begin()
        try:
            _say(child, json_line(record))
            line = _heard(child)
        except OSError:
            line = b""
        if not line:
            self._end()
            return Seen(None, is_lost=True)
        return self._read(json.loads(line))

    def _read(self, answer: dict[str, Any]) -> Seen:
        known = self._person.identifiers
        hits = (
            SeenHit(
                known[each["identifier"]], each["column"], tuple(each["way"]), each["is_whole"], each["words"]
            )
            for each in answer["hits"]
        )
        kind = Kind(answer["kind"]) if answer["kind"] else None
        return Seen(kind, tuple(hits), tuple(answer["cut"]))

    def _begin(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._child = subprocess.Popen(  # noqa: S603 - our own module, no shell, no argument from data
            [sys.executable, "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=BASE,
        )
        about = {
            "identifiers": [asdict(each) for each in self._person.identifiers],
            "plus_is_same": self._person.plus_is_same,
        }
        _say(self._child, json.dumps(about).encode())
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


def _say(child: subprocess.Popen[bytes], line: bytes) -> None:
    assert child.stdin is not None  # noqa: S101 - it was opened with pipes
    child.stdin.write(line + b"\n")
    child.stdin.flush()


def _heard(child: subprocess.Popen[bytes]) -> bytes:
    """One line, or nothing when the child is gone or takes too long."""
    assert child.stdout is not None  # noqa: S101 - it was opened with pipes
    ready, _, _ = select.select([child.stdout], [], [], LONGEST_SECONDS)
    return child.stdout.readline() if ready else b""
