"""One order in one transaction: find, keep, look for obstacles, change, check, note, and only then make it final."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy import Connection, delete, update
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    How,
    Kept,
    Mention,
    Operation,
    Planned,
    Preflight,
    PreflightFailed,
    Reached,
    ReceiptLine,
    Verdict,
)
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.edits import Edit, Edits
from fulfillment.connectors.sql_changes.keeping import Keeping
from fulfillment.connectors.sql_changes.mentions import edits_of_mentions
from fulfillment.connectors.sql_changes.obstacles import Obstacles, deleted_last_first
from fulfillment.connectors.sql_changes.own_rows import FindsOwnRows, OwnRows, size
from fulfillment.connectors.sql_changes.redacting import redact_rows
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.connectors.sql_statement import SearchStatement
from fulfillment.connectors.sql_targets import read_targets
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.traversal import traverse

NO_RULE: dict[Operation, str] = {
    Operation.ERASE: "its map does not say how it is erased",
    Operation.CORRECT: "none of its fields is to be corrected",
    Operation.RESTRICT: "its map does not say how it is restricted",
    Operation.LIFT: "its map does not say how it is restricted",
    Operation.SUPPRESS: "its map does not say how the use is stopped",
}
NO_WAY = "no way leads there from what is known of the person"


@dataclass
class Noted:
    """A receipt that waits to be written down before the change becomes final."""

    receipt: ChangeReceipt
    written: Event = field(default_factory=Event)


class Abandoned(Exception):
    """Whoever asked for the change no longer waits for it."""


@dataclass
class Work:
    """An order, its map, and the way to a transaction that may change something."""

    order: ChangeOrder
    data_map: DataMap
    sql: SqlDialect
    dialect: ChangeDialect
    transaction: AbstractContextManager[Connection]
    reached: Reached = field(default_factory=Reached)
    abandoned: Event = field(default_factory=Event)

    def look(self) -> Generator[Preflight, None, None]:
        """What the order would do; the transaction is rolled back."""
        with self.transaction as connection:
            found, edits, missing = self._prepared(connection)
            problems = missing + self._obstacles(connection, edits)
            planned = tuple(self._planned(connection, edits))
            if not problems and any(each.wants_rehearsal for each in edits.values()):
                problems = self._rehearsed(connection, edits)
            connection.rollback()
        yield Preflight(planned, _kept(found), problems, self._by_hand(found, edits))

    def change(self) -> Generator[Noted, None, None]:
        """Make the change; commits when the receipt that was yielded has been written. Raises PreflightFailed."""
        with self.transaction as connection:
            found, edits, missing = self._prepared(connection)
            problems = missing + self._obstacles(connection, edits)
            if problems:
                raise PreflightFailed(problems)
            lines = tuple(self._applied(connection, edits))
            self.dialect.check_deferred(connection)
            noted = Noted(ChangeReceipt(lines, _kept(found), self.dialect.token(connection)))
            yield noted
            while not noted.written.wait(0.1):
                if self.abandoned.is_set():
                    raise Abandoned

    def settle(self, noted: ChangeReceipt) -> Generator[Verdict, None, None]:
        """What the rows themselves say of a change that was noted; as all of it became final or none did, one tells."""
        with self.transaction as connection:
            _, edits, _ = self._prepared(connection, mentions=())
            verdict = self._verdict(connection, edits, noted)
            connection.rollback()
        yield verdict

    def _verdict(self, connection: Connection, edits: Mapping[str, Edit], noted: ChangeReceipt) -> Verdict:
        # To take words out once more changes nothing: they are no sign, and done again in doubt.
        changed = [line for line in noted.lines if line.rows and line.how is not How.REDACT]
        now = {line.collection: edits.get(line.collection) for line in changed}
        if any(edit is None or not size(connection, edit.own.going) for edit in now.values()):
            return Verdict.DONE
        same = [
            edit and self._digest(connection, edit) == line.digest
            for line, edit in zip(changed, now.values(), strict=True)
        ]
        return Verdict.NOT_DONE if all(same) else Verdict.UNKNOWN

    @property
    def _edits(self) -> Edits:
        return Edits(self.order, self.sql, self.dialect)

    def _obstacles(self, connection: Connection, edits: Mapping[str, Edit]) -> tuple[str, ...]:
        return Obstacles(connection, list(edits.values()), self.dialect, self._edits).found()

    def _prepared(
        self, connection: Connection, mentions: Sequence[Mention] | None = None
    ) -> tuple[dict[str, OwnRows], dict[str, Edit], tuple[str, ...]]:
        order, data_map = self.order, self.data_map
        targets = read_targets(connection, self.sql, data_map)
        steps = traverse(data_map, order.query.kinds).steps
        statement = SearchStatement(order.query, data_map, targets, self.sql)
        found = FindsOwnRows(connection, data_map, targets, self.dialect).find(steps, statement)
        missing = self._keep(connection, found)
        concerned = {name: found[name] for name in order.collections if name in found}
        facts = self.dialect.facts(connection, {name: own.target for name, own in concerned.items()})
        edits = self._edits
        if order.operation is Operation.CORRECT:
            for name, own in concerned.items():
                edits.leave_what_says_else(connection, own, facts[name])
        written = {name: edits.edit(own, facts[name]) for name, own in concerned.items()}
        words = edits_of_mentions(
            connection, order.mentions if mentions is None else mentions, found, self.sql, self.dialect
        )
        return found, {name: edit for name, edit in written.items() if edit is not None} | words, missing

    def _keep(self, connection: Connection, found: Mapping[str, OwnRows]) -> tuple[str, ...]:
        keeping = Keeping(connection, self.data_map, found, self.order, self.dialect)
        if self.order.operation is Operation.ERASE:
            keeping.keep_by_rule()
        keeping.keep_holds()
        keeping.keep_shared()
        if self.order.operation is Operation.ERASE:
            keeping.keep_leaned_on()
        return keeping.problems

    def _by_hand(self, found: Mapping[str, OwnRows], edits: Mapping[str, Edit]) -> dict[str, str]:
        silent = [name for name in self.order.collections if name not in edits]
        kept = {each.name for each in self.data_map.collections if each.changes.erase == "keep"}
        erasing = self.order.operation is Operation.ERASE
        ruled = {each.name for each in self.data_map.collections if each.changes.erase} if erasing else set()
        return {
            name: NO_WAY if name in ruled and name not in found else NO_RULE[self.order.operation]
            for name in silent
            if not (erasing and name in kept)
        }

    def _planned(self, connection: Connection, edits: Mapping[str, Edit]) -> Iterator[Planned]:
        for edit in edits.values():
            yield Planned(edit.own.collection.name, edit.how, size(connection, edit.own.going), edit.fields)

    def _rehearsed(self, connection: Connection, edits: Mapping[str, Edit]) -> tuple[str, ...]:
        """Try it in full, as only the database knows what its triggers do; it is taken back with the transaction."""
        try:
            list(self._applied(connection, edits))
            self.dialect.check_deferred(connection)
        except Fatal as refused:
            return (str(refused),)
        except DBAPIError as error:
            why = self.dialect.refusal(error)
            if why is None:
                raise
            return (f"{self.data_map.label} refused the change when it was tried: {why}.",)
        return ()

    def _applied(self, connection: Connection, edits: Mapping[str, Edit]) -> Iterator[ReceiptLine]:
        """New values first, then what goes, children before parents."""
        changed = [each for each in edits.values() if each.how is not How.DELETE]
        in_order = (*changed, *deleted_last_first(edits))
        for number, edit in enumerate(in_order, start=1):
            self.reached.at(edit.own.collection.name, number, len(in_order))
            wanted = size(connection, edit.own.going)
            rows = self._apply(connection, edit) if wanted else 0
            if rows != wanted:
                raise Fatal(
                    f"{edit.own.collection.label}: {wanted} rows were to change and {rows} did. Nothing was changed; "
                    "a rule or trigger of the database may be in the way."
                )
            digest = self._digest(connection, edit) if wanted else ""
            self.reached.rows += rows
            yield ReceiptLine(edit.own.collection.name, edit.how, rows, digest)

    def _apply(self, connection: Connection, edit: Edit) -> int:
        redact_rows(connection, edit, self.order.whom, self.dialect)
        if edit.how is How.DELETE:
            return connection.execute(delete(edit.live).where(edit.is_mine)).rowcount
        if not edit.values:
            return size(connection, edit.own.going)
        return connection.execute(update(edit.live).values(edit.values).where(edit.is_mine)).rowcount

    def _digest(self, connection: Connection, edit: Edit) -> str:
        return self.dialect.digest(connection, edit.own.going, edit.own.key, self.order.secret)


def _kept(found: Mapping[str, OwnRows]) -> tuple[Kept, ...]:
    return tuple(kept for own in found.values() for kept in own.kept)
