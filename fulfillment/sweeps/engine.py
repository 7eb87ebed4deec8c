"""Go through a source for one person: stretch by stretch, each row that may hold them looked at and judged."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fulfillment.connectors.alongside import Alongside
from fulfillment.connectors.base import Connector, Heartbeat, no_heartbeat
from fulfillment.connectors.sweeping import Position, SweptPage, SweptRow, SweptTable
from fulfillment.datamaps.datamap import DataMap
from fulfillment.sweeps.coverage import Coverage, MapCoverage, covered_by
from fulfillment.sweeps.looker import Looker, Seen, SeenHit
from fulfillment.traces.judge import Kind
from fulfillment.traces.needles import needles_of
from fulfillment.traces.person import KnownPerson


@dataclass(frozen=True)
class Found:
    """A row with traces of the person: where, what it was judged to be, and whether the map covers it."""

    table: str
    columns: tuple[str, ...]
    kind: Kind
    coverage: Coverage
    key: Mapping[str, Any] = field(repr=False)
    hits: tuple[SeenHit, ...] = field(repr=False)
    # Of all that was written in it, where its key is only a place in a file.
    digest: str = field(default="", repr=False)

    @property
    def ways(self) -> tuple[tuple[str, str, bool], ...]:
        """Of each column that was hit: its name, what the person is known by there, whether that fills it."""
        return tuple(
            (hit.column, hit.identifier.kind, hit.is_whole and not hit.way)
            for hit in self.hits
            if ", " not in hit.column
        )

    def as_json(self) -> dict[str, Any]:
        """All of it in plain types; personal."""
        return {
            "table": self.table,
            "columns": list(self.columns),
            "kind": self.kind.value,
            "map": self.coverage.value,
            "key": dict(self.key),
            "hits": [
                {"by": hit.identifier.kind, "column": hit.column, "way": list(hit.way), "words": hit.words}
                for hit in self.hits
            ],
        }


@dataclass(frozen=True)
class Listing:
    """What the source has; comes first."""

    tables: tuple[SweptTable, ...]


@dataclass(frozen=True)
class Stretch:
    """What came of a stretch of a table. Where `position` is None the table is done.

    `unread` are sentences about what could not be looked at; they name tables and columns, never values.
    """

    table: SweptTable
    found: tuple[Found, ...]
    looked: int
    position: Position | None
    unread: tuple[str, ...] = ()
    # The same of single objects, whose names may be personal.
    unread_objects: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Task:
    """What to sweep for: whom, and which map says what is covered. `purpose` is shown to the source."""

    person: KnownPerson = field(repr=False)
    name: str
    purpose: str
    data_map: DataMap | None = None
    # Where an earlier attempt was cut off: the table and the position in it; None when that table was done.
    table: str = ""
    position: Position | None = None


_Read = Listing | tuple[SweptTable, SweptPage | None]


def sweep(
    connector: Connector[Any], task: Task, *, heartbeat: Heartbeat = no_heartbeat
) -> Generator[Listing | Stretch, None, None]:
    """Everything a source holds of a person, map or not. Raises ConnectorError; what was given till then holds."""
    coverage = MapCoverage()
    if task.data_map is not None:
        coverage = covered_by(
            task.data_map, connector, task.person, purpose=task.purpose, heartbeat=heartbeat
        )
    with Looker(task.person) as looker:
        stretch = _Gathering(looker, coverage)
        stretch.unread_objects += (coverage.broken,) if coverage.broken else ()
        reading: Iterable[_Read] = _read(connector, task, heartbeat)
        if connector.swept_alongside:
            reading = Alongside(_read(connector, task, no_heartbeat), heartbeat, cancel=connector.interrupt)
        for read in reading:
            if isinstance(read, Listing):
                yield read
                continue
            table, page = read
            if page is None:
                yield stretch.ended(table, None)
                continue
            stretch.looked += page.looked
            stretch.unread_objects += page.unread
            for row in page.rows:
                stretch.take(table, row)
                heartbeat()
            if page.position is not None:
                yield stretch.ended(table, page.position)


def _read(connector: Connector[Any], task: Task, heartbeat: Heartbeat) -> Generator[_Read, None, None]:
    with connector.swept(
        needles_of(task.person),
        name=task.name,
        purpose=task.purpose,
        data_map=task.data_map,
        heartbeat=heartbeat,
    ) as source:
        tables = source.tables()
        yield Listing(tuple(tables))
        for table in _left(tables, task):
            after = task.position if table.name == task.table else None
            for page in source.pages(table, after=after):
                yield table, page
            yield table, None


def _left(tables: list[SweptTable], task: Task) -> Iterator[SweptTable]:
    """The tables from where an earlier attempt was cut off; those that cannot be gone through have said so."""
    names = [table.name for table in tables]
    if task.table in names:
        tables = tables[names.index(task.table) + (task.position is None) :]
    elif task.table:
        # It went away meanwhile: on with what comes behind it.
        tables = [table for table in tables if table.name > task.table]
    return (table for table in tables if not table.why)


class _Gathering:
    """What comes of one stretch after another."""

    def __init__(self, looker: Looker, coverage: MapCoverage) -> None:
        self._looker = looker
        self._coverage = coverage
        self._found: list[Found] = []
        self._unread: dict[str, None] = {}
        self.unread_objects: tuple[str, ...] = ()
        self.looked = 0

    def take(self, table: SweptTable, row: SweptRow) -> None:
        """Look at one row."""
        seen = self._looker.seen(row.values)
        said = [f"{column}: a value was too long to be read to its end." for column in row.cut]
        said += [f"{what} was not read to its end." for what in seen.cut]
        if row.place:
            self.unread_objects += tuple(f"{row.place}, {each}" for each in said)
        else:
            self._unread.update((f"{table.name}.{each}", None) for each in said)
        if seen.is_lost:
            lost = "a record could not be unpacked within the limits."
            if row.place:
                self.unread_objects += (f"{row.place}: {lost}",)
            else:
                self._unread[f"{table.name}: {lost}"] = None
        if seen.kind is not None:
            self._found.append(self._judged(table, row, seen, seen.kind))

    def ended(self, table: SweptTable, position: Position | None) -> Stretch:
        """The stretch, and a fresh start."""
        stretch = Stretch(
            table, tuple(self._found), self.looked, position, tuple(self._unread), self.unread_objects
        )
        self._found, self._unread, self.looked, self.unread_objects = [], {}, 0, ()
        return stretch

    def _judged(self, table: SweptTable, row: SweptRow, seen: Seen, kind: Kind) -> Found:
        columns = tuple(dict.fromkeys(name for hit in seen.hits for name in hit.column.split(", ")))
        coverage = self._coverage.of(table.name, row.values, columns)
        return Found(table.name, columns, kind, coverage, row.key, seen.hits, row.digest)
