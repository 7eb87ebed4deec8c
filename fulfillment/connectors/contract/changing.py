"""What every connector that changes anything must do, as tests to inherit: give a `Register` in a live system."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from fulfillment.connectors.base import Connector
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Correction, Operation, Verdict
from fulfillment.connectors.contract.club import ANN
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.reading_back import OldValue, ReadBack
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map

PHONE = Correction("members", "phone", "030 1", "030 9")
OPERATIONS = tuple(Operation)
# What a system forgets or overwrites behind the back of a change, by operation: a member's field and its value.
UNDONE = {
    Operation.CORRECT: {"phone": "030 1"},
    Operation.RESTRICT: {"status": "active"},
    Operation.LIFT: {"status": "restricted"},
    Operation.SUPPRESS: {"news": "yes"},
}


@dataclass(frozen=True)
class Register:
    """A live system that holds the register, and how it is reached.

    `rows` gives what a table of it holds now. `put` writes fields of the member with a number, behind the back of the
    connector, as somebody else's import would; it brings back a member that is gone.
    """

    connector: Callable[[], Connector[Any]]
    document: dict[str, Any]
    rows: Callable[[str], list[dict[str, Any]]]
    put: Callable[[int, dict[str, Any]], None]

    @property
    def data_map(self) -> DataMap:
        """The register's map."""
        return load_map(yaml.safe_dump(self.document, sort_keys=False))

    def change(self, asked: ChangeOrder) -> ChangeReceipt:
        """Carry an order out."""
        return self.connector().change(asked, self.data_map, note=lambda _receipt: None)

    def read_back(self, asked: ChangeOrder, *old_values: OldValue) -> ReadBack:
        """Look, by a connector of its own, whether it reads as the order wanted."""
        concerned = ("members", "notes")
        return self.connector().read_back(
            asked, self.data_map, old_values=old_values, concerned=concerned if old_values else ()
        )


def order_to(operation: Operation, key: str = "order-1") -> ChangeOrder:
    """An order about Ann."""
    everything = operation is Operation.ERASE
    return ChangeOrder(
        key=key,
        operation=operation,
        query=SubjectQuery((Identity("email", ANN),), "DSR-TEST"),
        collections=("members", "notes") if everything else ("members",),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        secret=b"a secret of this order",
        corrections=(PHONE,) if operation is Operation.CORRECT else (),
        purposes=("marketing",),
    )


class ChangingContract:
    """Inherit this beside the contract of searching, and give a fixture `register`."""

    @pytest.fixture
    def register(self) -> Iterator[Register]:
        raise NotImplementedError

    @pytest.fixture(params=OPERATIONS)
    def asked(self, request: pytest.FixtureRequest, register: Register) -> ChangeOrder:
        """An order of every operation that the connector can."""
        operation: Operation = request.param
        if operation not in register.connector().changes:
            pytest.skip("it does not change anything like that")
        if operation is Operation.LIFT:
            register.change(order_to(Operation.RESTRICT, "order-0"))
        return order_to(operation)

    def test_a_look_beforehand_names_no_obstacle_and_changes_nothing(
        self, register: Register, asked: ChangeOrder
    ) -> None:
        before = _everything(register)
        found = register.connector().preflight(asked, register.data_map)
        assert (found.problems, dict(found.by_hand)) == ((), {})
        assert found.rows == (3 if asked.operation is Operation.ERASE else 1)
        assert _everything(register) == before

    def test_only_the_person_is_changed_and_the_receipt_says_how_many_rows(
        self, register: Register, asked: ChangeOrder
    ) -> None:
        others = _others(register)
        receipt = register.change(asked)
        assert receipt.rows == (3 if asked.operation is Operation.ERASE else 1)
        assert _others(register) == others
        assert ANN not in repr(receipt)

    def test_an_order_that_was_carried_out_is_settled_as_done_or_does_nothing_the_second_time(
        self, register: Register, asked: ChangeOrder
    ) -> None:
        receipt = register.change(asked)
        done = _everything(register)
        if register.connector().settle(asked, register.data_map, receipt) is not Verdict.DONE:
            # Rows that are only marked look the same before and after: the mark is set once more.
            register.change(asked)
        assert _everything(register) == done

    def test_before_a_change_it_does_not_read_as_decided(
        self, register: Register, asked: ChangeOrder
    ) -> None:
        (line, *_notes) = register.read_back(asked).lines
        assert (line.collection, line.wrong, line.right, line.untold) == ("members", 1, 0, "")

    def test_after_a_change_an_independent_look_reads_as_decided(
        self, register: Register, asked: ChangeOrder
    ) -> None:
        register.change(asked)
        found = register.read_back(asked)
        assert [line.wrong for line in found.lines] == [0] * len(found.lines)
        assert [line.untold for line in found.lines] == [""] * len(found.lines)
        if asked.operation is not Operation.ERASE:
            (line,) = found.lines
            assert (line.rows, line.right) == (1, 1)

    def test_what_came_back_since_is_seen(self, register: Register, asked: ChangeOrder) -> None:
        register.change(asked)
        register.put(1, UNDONE.get(asked.operation, {"email": ANN}))
        (line, *_notes) = register.read_back(asked).lines
        assert (line.rows, line.wrong) == (1, 1)

    def test_an_old_value_that_stands_elsewhere_is_found(self, register: Register) -> None:
        asked = order_to(Operation.CORRECT)
        if asked.operation not in register.connector().changes:
            pytest.skip("it corrects nothing")
        register.change(asked)
        register.put(1, {"status": "030 1"})
        (members, _notes) = register.read_back(asked, OldValue("030 1", "030 9")).lines
        assert (members.wrong, members.elsewhere, members.old_in) == (0, 1, ("status",))

    def test_what_was_read_back_names_nobody_and_says_the_same_twice(
        self, register: Register, asked: ChangeOrder
    ) -> None:
        first, second = register.read_back(asked), register.read_back(asked)
        assert first == second
        assert ANN not in repr(first)
        assert "030" not in repr(first)
        assert all(line.digest for line in first.lines if line.rows)


def _everything(register: Register) -> list[list[dict[str, Any]]]:
    return [sorted(register.rows(name), key=lambda row: str(row["id"])) for name in ("members", "notes")]


def _others(register: Register) -> list[list[dict[str, Any]]]:
    return [
        [row for row in rows if str(row.get("member_id", row["id"])) != "1"] for rows in _everything(register)
    ]
