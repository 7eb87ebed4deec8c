"""What was replaced in a store without transactions is on record, and the next attempt goes on from there."""

from pathlib import Path
from typing import Any

import pytest

from fulfillment.connectors.base import Connector
from fulfillment.connectors.changing import ChangeReceipt, How, Verdict
from fulfillment.connectors.errors import Retryable
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.memory import OwnMemory
from tests.fulfillment.connectors.file_changes.test_words import (
    LINE,
    OTHER,
    found_in,
    order,
    store,
    visits,
    write,
)

OWN = '{"id": %d, "mail": "ann@x.org", "at": "a"}'
STATES = ["replaced", "begun", "waiting"]


class Stopped(Exception):
    """Somebody holds it back."""


def days(root: Path) -> list[Path]:
    """Three files, each with a row of the person's and a line about them."""
    return [
        write(root / "days" / f"{day}.jsonl", f"{OTHER}\n{OWN % day}\n{LINE}\n{OWN % (day + 10)}\n")
        for day in (1, 2, 3)
    ]


@pytest.fixture
def memory() -> OwnMemory:
    return OwnMemory()


def opened(root: Path, memory: OwnMemory) -> Connector[Any]:
    """A connector of another worker."""
    connector = store(root)
    connector.memory = memory
    return connector


def states(receipt: ChangeReceipt) -> list[str]:
    return [each.state for each in receipt.objects]


def nothing(_receipt: ChangeReceipt) -> None:
    """Nobody listens."""


def cut_off_at(name: str, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """The worker dies when this file is replaced, before or after it is."""
    replaced = FileStore.replace

    def replace(self: FileStore, path: str, new: str) -> None:
        if not path.endswith(name):
            replaced(self, path, new)
            return
        if after:
            replaced(self, path, new)
        # Nothing of a killed process tidies up.
        monkeypatch.setattr(FileStore, "remove", lambda self, path: None)
        raise KeyboardInterrupt

    monkeypatch.setattr(FileStore, "replace", replace)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("erase", "how"), [("delete", How.DELETE), ("mask", How.MASK)])
def test_the_next_attempt_goes_on_from_the_file_in_which_the_last_one_died(
    tmp_path: Path, memory: OwnMemory, monkeypatch: pytest.MonkeyPatch, erase: str, how: How, after: bool
) -> None:
    paths = days(tmp_path)
    data_map = visits(erase=erase, fields={"at": {"erase": "random"}} if erase == "mask" else {})
    asked = order(found_in(tmp_path, data_map))
    noted: list[ChangeReceipt] = []
    cut_off_at("2.jsonl", monkeypatch, after=after)
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, memory).change(asked, data_map, note=noted.append)
    monkeypatch.undo()
    made = opened(tmp_path, memory).made_so_far(asked, data_map)
    assert states(made) == STATES
    assert {(each.how, each.rows) for each in made.lines} == {(how, 2), (How.REDACT, 1)}
    assert all(len(each.before) == len(each.after) == 64 for each in made.objects)
    first, second = paths[0].read_bytes(), paths[1].read_bytes()

    again = opened(tmp_path, memory)
    assert again.settle(asked, data_map, noted[-1]) is Verdict.NOT_DONE
    assert states(again.made_so_far(asked, data_map)) == [
        "replaced",
        "replaced" if after else "waiting",
        "waiting",
    ]
    assert again.preflight(asked, data_map).rows == (3 if after else 6)
    receipt = again.change(asked, data_map, note=noted.append)
    # What was done is not touched a second time, and counted once.
    assert paths[0].read_bytes() == first
    assert not after or paths[1].read_bytes() == second
    assert states(receipt) == ["replaced"] * 3
    assert {(each.how, each.rows) for each in receipt.lines} == {(how, 6), (How.REDACT, 3)}
    assert receipt.not_taken == ()
    assert not any("[removed] ([removed])" not in path.read_text() for path in paths)
    assert again.settle(asked, data_map, noted[-1]) is Verdict.DONE
    assert again.receipt_of(asked, data_map, noted[-1]) == receipt
    assert sorted(path.name for path in (tmp_path / "days").iterdir()) == ["1.jsonl", "2.jsonl", "3.jsonl"]


def test_a_file_that_somebody_writes_to_meanwhile_leaves_two_of_three_on_record(
    tmp_path: Path, memory: OwnMemory
) -> None:
    paths = days(tmp_path)
    calls = []

    def note(_receipt: ChangeReceipt) -> None:
        calls.append(1)
        if len(calls) == 2:
            paths[1].write_text(paths[1].read_text() + OWN % 99 + "\n")

    asked = order(())
    with pytest.raises(Retryable, match="written to meanwhile"):
        opened(tmp_path, memory).change(asked, visits(), note=note)
    made = opened(tmp_path, memory).made_so_far(asked, visits())
    assert states(made) == ["replaced", "waiting", "waiting"]
    assert made.objects_done == 1
    receipt = opened(tmp_path, memory).change(asked, visits(), note=nothing)
    assert [each.rows for each in receipt.lines] == [7]


def test_whoever_holds_it_back_is_asked_before_each_file(tmp_path: Path, memory: OwnMemory) -> None:
    paths = days(tmp_path)
    calls = []

    def note(_receipt: ChangeReceipt) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Stopped

    asked = order(())
    before = paths[2].read_bytes()
    with pytest.raises(Stopped):
        opened(tmp_path, memory).change(asked, visits(), note=note)
    assert states(opened(tmp_path, memory).made_so_far(asked, visits())) == [
        "replaced",
        "replaced",
        "waiting",
    ]
    assert paths[2].read_bytes() == before
    assert not list(tmp_path.rglob("*.omne-*"))


def test_a_file_that_was_written_to_while_it_was_in_flight_is_gone_through_again_and_not_claimed(
    tmp_path: Path, memory: OwnMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = days(tmp_path)
    asked = order(())
    cut_off_at("2.jsonl", monkeypatch, after=True)
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, memory).change(asked, visits(), note=nothing)
    monkeypatch.undo()
    paths[1].write_text(paths[1].read_text() + OWN % 99 + "\n")
    receipt = opened(tmp_path, memory).change(asked, visits(), note=nothing)
    assert states(receipt) == ["replaced", "unsure", "replaced", "replaced"]
    assert [each.rows for each in receipt.lines] == [5]
    assert not any('"ann@x.org", "at"' in path.read_text() for path in paths)


def test_a_row_that_is_kept_in_a_file_that_is_done_is_said_again(
    tmp_path: Path, memory: OwnMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = {"length": "P10Y", "counted_from": "at"}
    kept = visits(erase="delete", retention={"rule": "Tax law.", "period": period})
    new, old = (f'{{"id": 1, "mail": "ann@x.org", "at": "{year}-01-01"}}\n' for year in (2025, 2001))
    write(tmp_path / "days" / "1.jsonl", new + old)
    write(tmp_path / "days" / "2.jsonl", old)
    cut_off_at("2.jsonl", monkeypatch, after=False)
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, memory).change(order(()), kept, note=nothing)
    monkeypatch.undo()
    receipt = opened(tmp_path, memory).change(order(()), kept, note=nothing)
    assert [(each.rows, each.why) for each in receipt.kept] == [(1, "Tax law.")]
    assert [each.rows for each in receipt.lines] == [2]


def test_a_name_that_is_the_person_s_stands_in_no_receipt(tmp_path: Path, memory: OwnMemory) -> None:
    write(tmp_path / "ann@x.org" / "visits.jsonl", f"{OWN % 1}\n")
    receipt = opened(tmp_path, memory).change(order(()), visits("*/visits.jsonl"), note=nothing)
    assert [each.name for each in receipt.objects] == ["[removed]/visits.jsonl"]


def test_a_store_that_does_not_keep_what_is_written_loses_nothing(
    tmp_path: Path, memory: OwnMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = days(tmp_path)
    before = [path.read_bytes() for path in paths]
    hashed = FileStore.hash_of

    def cut(self: FileStore, path: str, secret: bytes, **more: Any) -> str:
        if ".omne-" in path:
            Path(path).write_bytes(Path(path).read_bytes()[:10])
        return hashed(self, path, secret, **more)

    monkeypatch.setattr(FileStore, "hash_of", cut)
    with pytest.raises(Retryable, match="has not kept"):
        opened(tmp_path, memory).change(order(()), visits(), note=nothing)
    assert [path.read_bytes() for path in paths] == before
    assert not list(tmp_path.rglob("*.omne-*"))
