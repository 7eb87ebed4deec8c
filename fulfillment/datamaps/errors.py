"""What can be wrong with a data map, and the refusal that carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from requests_app.errors import BadInput


class Severity(StrEnum):
    """An error keeps a map from being used; a warning is something to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and the line where it stands (0 when it has none)."""

    severity: Severity
    line: int
    sentence: str

    def at(self, name: str) -> str:
        """The problem as one line of text: file, line, severity, sentence."""
        place = f"{name}:{self.line}" if self.line else name
        return f"{place}: {self.severity}: {self.sentence}"


class MapRefused(BadInput):
    """A data map that cannot be used; `problems` holds everything that was found, `name` the file."""

    code = "map_refused"

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        first = errors[0]
        line = f", line {first.line}" if first.line else ""
        super().__init__(f"The data map{name and ' ' + name}{line}: {first.sentence}{more}")
        self.name = name
        self.problems = tuple(problems)
