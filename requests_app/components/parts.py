"""The values that page parts are drawn from: rows, stages, tasks, tabs, cells, files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Progress(StrEnum):
    """Where one step, stage or task stands."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    OFF = "off"


RING = {
    Progress.DONE: "ring-done",
    Progress.NOW: "ring-now",
    Progress.NEXT: "ring",
    Progress.OFF: "ring-dash",
}


@dataclass(frozen=True)
class Step:
    """One page of a form in the thread beside it, or one event in a history."""

    label: str
    progress: Progress = Progress.NEXT
    url: str = ""
    text: str = ""
    when: date | None = None

    @property
    def icon(self) -> str:
        """The ring that says where the step stands."""
        return RING[self.progress]


@dataclass(frozen=True)
class Task:
    """One thing for the person to do, with its state in words."""

    label: str
    progress: Progress
    state: str
    url: str = ""
    text: str = ""

    @property
    def icon(self) -> str:
        """The ring that says where the task stands."""
        return RING[self.progress]


@dataclass(frozen=True)
class Stage:
    """One stop on the track, with its place in per cent."""

    label: str
    progress: Progress
    place: str

    @property
    def mark(self) -> str:
        """The class of its circle."""
        return {Progress.DONE: "d", Progress.NOW: "n"}.get(self.progress, "")


@dataclass(frozen=True)
class Track:
    """Equal stages in a row, with one dot."""

    stages: Sequence[Stage]

    @property
    def run(self) -> str:
        """How far the filled line goes, in per cent."""
        now = next((stage for stage in self.stages if stage.progress is Progress.NOW), None)
        if now is not None:
            return now.place
        return self.stages[-1].place if self.stages else "0%"


def track(labels: Sequence[str], current: int) -> Track:
    """Lay labels out as equal stages; `current` is the stage that runs, past the end when all are done."""
    last = max(len(labels) - 1, 1)
    stages = []
    for index, label in enumerate(labels):
        progress = Progress.DONE if index < current else Progress.NOW if index == current else Progress.NEXT
        # The outer circles stay inside the picture: six pixels at the start, their radius before the end.
        place = "6" if index == 0 else "99.2%" if index == last else f"{100 * index / last:.1f}%"
        stages.append(Stage(label, progress, place))
    return Track(stages)


@dataclass(frozen=True)
class Row:
    """One line of a summary list; `change` names what the Change link changes, for those who only hear it."""

    label: str
    values: Sequence[str]
    url: str = ""
    change: str = ""


@dataclass(frozen=True)
class Tab:
    """One tab, which is a link with an optional count."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
    bad: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a table; a sort link when `url` is set."""

    label: str
    end: bool = False
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table: text, perhaps a link, a small second line, a ring in front."""

    text: str
    url: str = ""
    small: str = ""
    icon: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """A table that turns into cards on small screens; the first cell of a row names the row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    wide: bool = True

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        """Each row as pairs of column and cell."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Pause:
    """A stretch of a clock bar that does not count, in per cent."""

    start: float
    end: float

    @property
    def width(self) -> float:
        """How wide the stretch is."""
        return round(self.end - self.start, 1)


@dataclass(frozen=True)
class ClockFact:
    """One entry of the words under a clock bar."""

    label: str
    value: str
    small: str = ""
    key: str = ""


@dataclass(frozen=True)
class ClockBar:
    """A legal clock drawn from receipt to due date; places are in per cent of the bar."""

    words: str
    today: float
    due: float
    facts: Sequence[ClockFact]
    pauses: Sequence[Pause] = field(default_factory=tuple)
    extension: bool = False

    @property
    def ran(self) -> float:
        """How far the clock ran in time."""
        return min(self.today, self.due)

    @property
    def late(self) -> float:
        """How far past the due date we are; nothing while there is time."""
        return round(max(self.today - self.due, 0), 1)


@dataclass(frozen=True)
class FileEntry:
    """One file to fetch; `url` is empty while it may not be fetched."""

    title: str
    text: str
    size: str
    fetched: str
    sha256: str
    url: str = ""
    main: bool = False

    @property
    def checksum(self) -> str:
        """The SHA-256 in groups of four, as people compare it."""
        return " ".join(self.sha256[at : at + 4] for at in range(0, len(self.sha256), 4))
