"""The contract of changes for databases: in a thread of its own, so that the lease is kept while a statement runs."""

from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import ClassVar

from pydantic import SecretStr
from sqlalchemy import URL, Connection

from fulfillment.connectors.alongside import Alongside
from fulfillment.connectors.base import CheckReport, Heartbeat, no_heartbeat, refuse_unknown_person
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Note,
    Operation,
    Preflight,
    Verdict,
)
from fulfillment.connectors.sql import SqlConnector, SqlServerConnector
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.facts import TableFacts
from fulfillment.connectors.sql_changes.work import Work
from fulfillment.connectors.sql_settings import SqlSettings
from fulfillment.connectors.sql_targets import read_targets
from fulfillment.datamaps.datamap import DataMap


class ChangingSettings(SqlSettings):
    """A user of its own for changes, so that searching can never write; without one the same user is tried."""

    change_url: SecretStr | None = None
    change_password: SecretStr | None = None


class ChangingSqlConnector(SqlConnector):
    """A database that can be changed as its map says."""

    changes = frozenset(Operation)
    takes_words_out = True
    change_dialect: ClassVar[ChangeDialect]

    def preflight(
        self, order: ChangeOrder, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Preflight:
        """Everything looked at in a transaction that is rolled back."""
        work = self._work(order, data_map)
        (found,) = Alongside(work.look(), heartbeat, cancel=self.interrupt)
        return found

    def change(
        self, order: ChangeOrder, data_map: DataMap, *, note: Note, heartbeat: Heartbeat = no_heartbeat
    ) -> ChangeReceipt:
        """One transaction; it becomes final only after `note` has returned."""
        work = self._work(order, data_map)

        def cancel() -> None:
            work.abandoned.set()
            self.interrupt()

        receipt: ChangeReceipt | None = None
        for noted in Alongside(work.change(), heartbeat, cancel=cancel):
            note(noted.receipt)
            receipt = noted.receipt
            noted.written.set()
        assert receipt is not None  # noqa: S101 - the work yields once or raises
        return receipt

    def settle(
        self,
        order: ChangeOrder,
        data_map: DataMap,
        noted: ChangeReceipt,
        *,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Verdict:
        """The database's own word on the transaction of a receipt, or what its rows show."""
        if noted.token:
            with self._transaction(data_map, order) as connection:
                verdict = self.change_dialect.verdict(connection, noted.token)
            if verdict is not None:
                return verdict
        work = self._work(order, data_map)
        (said,) = Alongside(work.settle(noted), heartbeat, cancel=self.interrupt)
        return said

    def _work(self, order: ChangeOrder, data_map: DataMap) -> Work:
        refuse_unknown_person(order.query, data_map)
        transaction = self._transaction(data_map, order)
        return Work(order, data_map, self.dialect, self.change_dialect, transaction, self.reached)

    def _transaction(self, data_map: DataMap, order: ChangeOrder) -> AbstractContextManager[Connection]:
        return self.transaction(
            data_map.label,
            purpose=order.query.reference,
            address=self.change_address(),
            options=self.change_dialect.snapshot,
            begin=self._begin,
        )

    def _begin(self, connection: Connection, *, statement_timeout_seconds: int, purpose: str) -> None:
        self.change_dialect.begin(
            connection, self.dialect, statement_timeout_seconds=statement_timeout_seconds, purpose=purpose
        )

    @abstractmethod
    def change_address(self) -> URL:
        """How the database is reached for changes. Raises NotConfigured, Unsupported."""


class ChangingServerConnector(ChangingSqlConnector, SqlServerConnector):
    """Databases that a server keeps."""

    settings_model = ChangingSettings
    settings: ChangingSettings

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """As any database; with a user for changes of its own, the one for searching shall write nothing."""
        report = super().check(data_map)
        if data_map is None or self.settings.change_url is None:
            return report
        with self.snapshot(data_map.label, purpose="check") as connection:
            targets = read_targets(connection, self.dialect, data_map)
            facts = self.change_dialect.facts(connection, targets)
        may = [name for name, each in facts.items() if each.may_delete or _is_writable(each)]
        if not may:
            return report
        named = f"{', '.join(may[:3])}{f' and {len(may) - 3} more' if len(may) > 3 else ''}"
        warning = f"The user for searching may change {named}. Grant it SELECT alone: changes have a user of their own."
        return replace(report, warnings=(*report.warnings, warning))

    def change_address(self) -> URL:
        """As the user for changes, where there is one."""
        if self.settings.change_url is None:
            return self.address()
        return self.reached_by(self.settings.change_url, self.settings.change_password)


def _is_writable(facts: TableFacts) -> bool:
    return any(each.writable and not each.computed for each in facts.columns.values())
