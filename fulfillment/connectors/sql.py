"""Searching a database: one read-only snapshot, one statement, and rows that leave it as JSON already."""

from abc import abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import Any, ClassVar

from pydantic import SecretStr
from sqlalchemy import URL, Connection, Engine, make_url, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fulfillment.connectors.alongside import Alongside
from fulfillment.connectors.base import (
    Batch,
    CheckReport,
    CollectionDone,
    Connector,
    Estimate,
    Heartbeat,
    Yielded,
    no_heartbeat,
    refuse_unknown_person,
    unsearched,
)
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.connectors.sql_engine import engine_of
from fulfillment.connectors.sql_entries import missing_indexes
from fulfillment.connectors.sql_failures import TookTooLong, consequence
from fulfillment.connectors.sql_guard import refuse_unfit_address
from fulfillment.connectors.sql_settings import SqlLimits, SqlSettings
from fulfillment.connectors.sql_statement import SearchStatement, Target
from fulfillment.connectors.sql_sweeper import SqlSweeper
from fulfillment.connectors.sql_targets import read_targets
from fulfillment.connectors.sql_written import WrittenStatements
from fulfillment.connectors.sweeping import Sweeper
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.traversal import Step, traverse
from fulfillment.traces.needles import Needles

ROWS_AT_ONCE = 2000
# An estimate is for a page that somebody waits for.
COUNT_SECONDS = 5


class SqlConnector(Connector[SqlLimits]):
    """The contract for databases; a kind gives its dialect."""

    is_database = True
    dialect: ClassVar[SqlDialect]
    # What `interrupt`, in another thread, interrupts.
    _running: tuple[Engine, Any] | None = None

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Connect and compare the live tables with the map; columns it does not mention are warnings."""
        name = data_map.label if data_map else "The database"
        with self.snapshot(name, purpose="check") as connection:
            if data_map is None:
                return CheckReport(f"{name} answers.")
            targets = read_targets(connection, self.dialect, data_map)
        warnings = tuple(
            f"{target.collection.name} has columns not in the map: {', '.join(target.unmapped)}."
            for target in targets.values()
            if target.unmapped
        )
        warnings += missing_indexes(traverse(data_map).steps, targets)
        return CheckReport(f"{name} answers, and has all {len(targets)} tables of its map.", warnings)

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """All rows of all collections, from one snapshot."""
        refuse_unknown_person(query, data_map)
        traversal = traverse(data_map, query.kinds)
        rows = self._rows(query, data_map, traversal.steps)
        yield from Alongside(rows, heartbeat, cancel=self.interrupt)
        for name in traversal.unreachable:
            yield unsearched(name, query)

    def _rows(
        self, query: SubjectQuery, data_map: DataMap, steps: Sequence[Step]
    ) -> Generator[Yielded, None, None]:
        with self.snapshot(data_map.label, purpose=query.reference) as connection:
            targets = read_targets(connection, self.dialect, data_map)
            text, values = _written(self.dialect).rows(connection, query, data_map, targets, steps)
            streamed = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
            # Whoever hangs up does so before the result is closed, which would read it to its end.
            with (
                closing(streamed.exec_driver_sql(text, values)) as result,
                self.dialect.abandoning(connection),
            ):
                yield from _collected(result.partitions(ROWS_AT_ONCE), steps, targets)

    @contextmanager
    def swept(
        self,
        needles: Needles,
        *,
        name: str,
        purpose: str,
        data_map: DataMap | None = None,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Iterator[Sweeper]:
        """One snapshot of the whole database, tables that no map mentions too."""
        with self.snapshot(name, purpose=purpose) as connection:
            yield SqlSweeper(connection, self.dialect, needles)

    @classmethod
    def lists_identities(cls, data_map: DataMap) -> bool:
        """Where every identity is a column that may be read."""
        return all(
            field in collection.returned_fields
            for collection in data_map.collections
            for field in collection.every_field()
            if field.identity
        )

    def identities(
        self, data_map: DataMap, kinds: frozenset[str], *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Identity]:
        """Every value once, column by column, from one snapshot."""
        with self.snapshot(data_map.label, purpose="replay") as connection:
            targets = read_targets(connection, self.dialect, data_map)
            streamed = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
            for target in targets.values():
                for field in target.collection.returned_fields:
                    if field.identity not in kinds or field.identity is None:
                        continue
                    column = target.rows().c[field.name]
                    with closing(
                        streamed.execute(select(column).where(column.is_not(None)).distinct())
                    ) as found:
                        for part in found.partitions(ROWS_AT_ONCE):
                            heartbeat()
                            yield from _identities(field.identity, (value for (value,) in part))

    def interrupt(self) -> None:
        """Have the server break off the statement that runs."""
        if self._running is not None:
            self.dialect.cancel(*self._running)

    def estimate(self, query: SubjectQuery, data_map: DataMap) -> tuple[Estimate, ...]:
        """Counted by the database itself while that is cheap; else its planner's guess, or nothing."""
        refuse_unknown_person(query, data_map)
        steps = traverse(data_map, query.kinds).steps
        with suppress(TookTooLong), self.snapshot(data_map.label, purpose=query.reference) as connection:
            targets = read_targets(connection, self.dialect, data_map)
            statement = SearchStatement(query, data_map, targets, self.dialect)
            guessed = self.dialect.guess(connection, statement.rows(steps))
            given = _between(steps, 0, len(steps))
            if guessed is not None:
                return tuple(
                    Estimate(step.collection, rows, exact=False)
                    for (_, step), rows in zip(given, guessed, strict=True)
                )
            self.dialect.limit(connection, COUNT_SECONDS)
            counted: dict[int, int] = dict(map(tuple, connection.execute(statement.counts(steps)).all()))
            return tuple(Estimate(step.collection, counted[number]) for number, step in given)
        return ()

    @contextmanager
    def snapshot(self, name: str, *, purpose: str) -> Iterator[Connection]:
        """A read-only transaction that sees one state of the source; what fails in it becomes a sentence."""
        with self.transaction(
            name,
            purpose=purpose,
            address=self.address(),
            options=self.dialect.snapshot,
            begin=self.dialect.begin,
        ) as connection:
            yield connection

    @contextmanager
    def transaction(
        self, name: str, *, purpose: str, address: URL, options: Mapping[str, Any], begin: Callable[..., None]
    ) -> Iterator[Connection]:
        """A transaction of these options, final at its end; what fails in it becomes a sentence."""
        try:
            wait = self.settings.connect_timeout_seconds
            engine = engine_of(address, self.dialect, wait, keeps=options is self.dialect.snapshot)
            with engine.connect().execution_options(**options) as connection, connection.begin():
                begin(
                    connection,
                    statement_timeout_seconds=self.settings.statement_timeout_seconds,
                    purpose=purpose,
                )
                self._running = engine, connection.connection.driver_connection
                with self.dialect.abandoning(connection):
                    yield connection
        except DBAPIError as error:
            raise consequence(error, name, self.settings.statement_timeout_seconds, self.dialect) from None
        except SQLAlchemyError as error:
            raise Fatal(f"{name} could not do what was asked ({type(error).__name__}).") from None
        except UnicodeError:
            raise Fatal(f"{name} holds text that is not in the encoding the database says it is.") from None
        finally:
            self._running = None

    @abstractmethod
    def address(self) -> URL:
        """Where the database is, with driver and password. Raises NotConfigured."""


class SqlServerConnector(SqlConnector):
    """Databases that a server keeps."""

    settings_model = SqlSettings
    settings: SqlSettings

    def address(self) -> URL:
        """The address of the settings."""
        return self.reached_by(self.settings.url, self.settings.password)

    def reached_by(self, url: SecretStr, password: SecretStr | None) -> URL:
        """An address of the settings with its driver and password. Raises NotConfigured for one that is not fit."""
        address = make_url(url.get_secret_value()).set(drivername=self.dialect.driver)
        refuse_unfit_address(address)
        return address if password is None else address.set(password=password.get_secret_value())


@cache
def _written(dialect: SqlDialect) -> WrittenStatements:
    """The statements that this process has written for one kind of database."""
    return WrittenStatements(dialect)


def _identities(kind: str, values: Iterable[Any]) -> Iterator[Identity]:
    for value in values:
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield Identity(kind, str(each))


def _collected(
    parts: Iterator[Sequence[Any]],
    steps: Sequence[Step],
    targets: Mapping[str, Target],
) -> Iterator[Yielded]:
    """Batches by collection out of the statement's rows, and the end of each collection in its turn."""
    counts = [0] * len(steps)
    current = 0
    for part in parts:
        lines: dict[int, list[bytes]] = {}
        for number, line in part:
            if line is None:
                raise Fatal("The database holds a row larger than it gives; nothing of its answer is used.")
            lines.setdefault(number, []).append(line.encode())
        for number, found in lines.items():
            if number < current:
                raise Fatal("The database mixed up the order of its answer; nothing of it is used.")
            yield from (
                _done(step, counts, targets, place) for place, step in _between(steps, current, number)
            )
            current = number
            counts[number] += len(found)
            yield Batch(steps[number].collection, found)
    yield from (_done(step, counts, targets, place) for place, step in _between(steps, current, len(steps)))


def _between(steps: Sequence[Step], first: int, end: int) -> list[tuple[int, Step]]:
    return [(place, step) for place, step in list(enumerate(steps))[first:end] if not step.is_entrance]


def _done(step: Step, counts: Sequence[int], targets: Mapping[str, Target], place: int) -> CollectionDone:
    return CollectionDone(step.collection, counts[place], unmapped=targets[step.collection].unmapped)
