"""Changes by an API, record by record: none is repeated that worked, none is claimed that did not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fulfillment.connectors.changing import (
    Correction,
    Hold,
    How,
    Operation,
    PreflightFailed,
    Verdict,
)
from fulfillment.connectors.errors import ConnectorError, Fatal, Retryable
from fulfillment.connectors.leaning import LEANS
from fulfillment.connectors.memory import OwnMemory
from tests.fulfillment.connectors.changing_service import (
    ME,
    Bench,
    counts,
    described,
    mapped,
)
from tests.json_server import Answer, Asked


def test_a_look_beforehand_counts_and_changes_nothing(bench: Bench) -> None:
    found = bench.connector().preflight(bench.order(), mapped())
    assert {each.collection: (each.how, each.rows) for each in found.planned} == {
        "users": (How.DELETE, 1),
        "notes": (How.DELETE, 2),
        "cards": (How.DELETE, 2),
    }
    assert (found.problems, found.by_hand, bench.service.changes) == ((), {}, [])


def test_erases_children_first_and_only_the_persons(bench: Bench) -> None:
    receipt = bench.change(bench.order())
    assert counts(receipt) == {"notes": 2, "users": 1, "cards": 2}
    assert bench.service.changes[-1] == "DELETE /users/1"
    assert sorted(bench.service.rows["users"]) == ["2"]
    assert sorted(bench.service.rows["notes"]) == ["n21", "n22"]
    assert bench.connector().settle(bench.order(), mapped(), receipt) is Verdict.DONE


def test_the_receipt_is_noted_first_and_says_nothing_of_the_person(bench: Bench) -> None:
    receipt = bench.change(bench.order())
    assert counts(bench.noted[0]) == counts(receipt)
    assert {each.digest for each in bench.noted[0].lines} == {each.digest for each in receipt.lines}
    assert "ann@" not in repr(receipt)


def test_an_order_that_was_carried_out_changes_nothing_more(bench: Bench) -> None:
    first = bench.change(bench.order())
    bench.service.rows["users"]["3"] = {**bench.service.rows["users"]["2"], "id": "3", "mail": "ann@x.org"}
    again = bench.change(bench.order())
    assert counts(again) == counts(first)
    assert "3" in bench.service.rows["users"]


@pytest.mark.parametrize("trouble", ["after", "stall"])
def test_a_call_that_worked_and_was_not_answered_is_asked_after_and_not_repeated(
    bench: Bench, trouble: str
) -> None:
    api = {**described(), "timeout_seconds": 0.3}
    bench.service.trouble = ["", "", trouble]
    assert counts(bench.change(bench.order(), mapped(api)))["users"] == 1
    assert bench.service.changes.count("DELETE /users/1") == 1


def test_a_call_that_did_not_work_is_made_again_under_the_same_name(bench: Bench) -> None:
    bench.service.trouble = ["before"]
    bench.change(bench.order())
    assert len(bench.service.changes) == 3
    assert all(bench.service.keys)
    assert len(set(bench.service.keys)) == 3


def test_an_attempt_that_died_is_taken_up_where_it_stopped(bench: Bench) -> None:
    bench.service.trouble = ["", *["before"] * 9]
    with pytest.raises(Retryable):
        bench.change(bench.order())
    assert len(bench.service.changes) == 1
    assert bench.connector().settle(bench.order(), mapped(), bench.noted[0]) is Verdict.NOT_DONE
    bench.service.trouble = []
    assert counts(bench.change(bench.order())) == {"notes": 2, "users": 1, "cards": 2}
    assert len(bench.service.changes) == 3


NO_ERRORS = {"verdict": {"errors": "errors"}}


UNREADABLE = [Answer(b"<html>all right</html>"), Answer(b"{}", headers={"Content-Encoding": "gzip"})]


@pytest.mark.parametrize("answer", UNREADABLE, ids=["no JSON", "not packed as it says"])
def test_a_call_that_was_answered_unreadably_is_asked_after(bench: Bench, answer: Answer) -> None:
    restrict = {**ME, "body": {"blocked": True}, "told": {**ME, "holds": {"blocked": True}}, **NO_ERRORS}
    bench.garble(answer)
    order = bench.order(Operation.RESTRICT, "users")
    assert counts(bench.change(order, mapped(described(restrict=restrict)))) == {"users": 1}
    assert len(bench.service.changes) == 1


def test_a_call_that_was_answered_unreadably_and_cannot_be_asked_after_is_left_to_a_person(
    bench: Bench,
) -> None:
    api = described(restrict={"method": "POST", **ME, "body": {"blocked": True}, **NO_ERRORS})
    del api["once_header"]
    bench.garble(UNREADABLE[0])
    order = bench.order(Operation.RESTRICT, "users")
    with pytest.raises(Fatal, match="cannot say whether one record was"):
        bench.change(order, mapped(api))
    assert bench.connector().settle(order, mapped(api), bench.noted[0]) is Verdict.UNKNOWN
    assert len(bench.service.changes) == 1


def test_what_nobody_can_tell_is_left_to_a_person(bench: Bench) -> None:
    api = described(restrict={**ME, "body": {"blocked": True}})
    del api["once_header"]
    bench.service.trouble = ["after"]
    order = bench.order(Operation.RESTRICT, "users")
    with pytest.raises(Fatal, match="cannot say whether one record was"):
        bench.change(order, mapped(api))
    assert bench.connector().settle(order, mapped(api), bench.noted[0]) is Verdict.UNKNOWN
    with pytest.raises(Fatal, match="cannot say"):
        bench.change(order, mapped(api))
    assert len(bench.service.changes) == 1


def test_a_source_that_cannot_be_asked_at_the_moment_is_asked_again_later_and_nothing_is_repeated(
    bench: Bench,
) -> None:
    away = [True]

    def decide(asked: Asked) -> Answer:
        erased = "DELETE /users/1" in bench.service.changes
        is_unheard = away[0] and asked.method == "GET" and erased
        return Answer(status=500) if is_unheard else bench.service(asked)

    bench.server.decide, bench.service.trouble = decide, ["", "", "after"]
    with pytest.raises(Retryable, match="failed"):
        bench.change(bench.order())
    with pytest.raises(Retryable):
        bench.connector().settle(bench.order(), mapped(), bench.noted[-1])
    away[0] = False
    assert bench.connector().settle(bench.order(), mapped(), bench.noted[-1]) is Verdict.DONE
    assert counts(bench.change(bench.order())) == {"notes": 2, "users": 1, "cards": 2}
    assert len(bench.service.changes) == 3


@pytest.mark.parametrize("trouble", ["busy", "no"])
def test_what_was_refused_was_not_done_and_no_person_has_to_look(bench: Bench, trouble: str) -> None:
    api = described(restrict={**ME, "body": {"blocked": True}})
    del api["once_header"]
    order = bench.order(Operation.RESTRICT, "users")
    bench.service.trouble = [trouble]
    with pytest.raises(ConnectorError):
        bench.change(order, mapped(api))
    assert bench.connector().settle(order, mapped(api), bench.noted[0]) is Verdict.NOT_DONE
    bench.kept = _unpaused(bench.kept)
    assert counts(bench.change(order, mapped(api))) == {"users": 1}
    assert bench.service.rows["users"]["1"]["blocked"] is True


def _unpaused(kept: OwnMemory) -> OwnMemory:
    """The same memory, a while later."""
    return OwnMemory(_kept=kept._kept)


def test_restricts_and_lifts_again(bench: Bench) -> None:
    bench.service.trouble = ["after"]
    bench.change(bench.order(Operation.RESTRICT, "users"))
    assert bench.service.rows["users"]["1"]["blocked"] is True
    assert len(bench.service.changes) == 1
    bench.kept = OwnMemory()
    bench.change(bench.order(Operation.LIFT, "users"))
    assert bench.service.rows["users"]["1"]["blocked"] is False


def test_suppresses_only_the_purposes_that_were_objected_to(bench: Bench) -> None:
    found = bench.connector().preflight(
        bench.order(Operation.SUPPRESS, "users", purposes=("service",)), mapped()
    )
    assert list(found.by_hand) == ["users"]
    bench.change(bench.order(Operation.SUPPRESS, "users", purposes=("marketing",)))
    assert bench.service.rows["users"]["1"]["news"] is False
    assert bench.service.rows["users"]["2"]["news"] is True


def test_corrects_what_is_wrong_and_nothing_else(bench: Bench) -> None:
    wrong = (Correction("users", "name", "A", "Ann"), Correction("users", "mail", "ann@x.org", "b@x.org"))
    order = bench.order(Operation.CORRECT, "users", corrections=wrong)
    assert "correct users (mail)" in bench.connector().preflight(order, mapped()).by_hand["users"]
    bench.change(order)
    row = bench.service.rows["users"]["1"]
    assert (row["name"], row["mail"]) == ("Ann", "ann@x.org")
    assert bench.service.rows["users"]["2"]["name"] == "A"


def test_a_collection_without_a_verb_is_for_a_person(bench: Bench) -> None:
    found = bench.connector().preflight(bench.order(Operation.RESTRICT), mapped())
    assert list(found.by_hand) == ["notes", "cards"]
    assert "names no call to restrict notes" in found.by_hand["notes"]


def test_what_is_held_stays_and_is_said(bench: Bench) -> None:
    held = bench.order(holds=(Hold("notes", "A court wants it.", {"id": "n11"}),))
    found = bench.connector().preflight(held, mapped())
    assert [(each.collection, each.rows, each.why) for each in found.kept] == [
        ("notes", 1, "A court wants it.")
    ]
    bench.change(held)
    assert "n11" in bench.service.rows["notes"]
    assert "n12" not in bench.service.rows["notes"]


def test_a_hold_whose_day_is_over_holds_nothing(bench: Bench) -> None:
    bench.change(bench.order(holds=(Hold("notes", "Over.", {"id": "n11"}, date(2026, 11, 21)),)))
    assert "n11" not in bench.service.rows["notes"]


def test_a_held_record_that_is_not_there_stops_the_change_unless_it_may_be_gone(bench: Bench) -> None:
    held = Hold("notes", "Court.", {"id": "n99"})
    with pytest.raises(PreflightFailed, match="on hold was not found"):
        bench.change(bench.order(holds=(held,)))
    assert bench.service.changes == []
    assert counts(bench.change(bench.order(holds=(replace(held, may_be_gone=True),))))["notes"] == 2


def test_what_a_record_that_stays_rests_on_is_left_to_a_person(bench: Bench) -> None:
    rules = {"notes": {"erase": "delete", "retention": {"rule": "Court.", "leans_on": ["users.name"]}}}
    data_map = mapped(rules=rules)
    assert bench.connector().preflight(bench.order(), data_map).by_hand == {}
    held = bench.order(holds=(Hold("notes", "Court.", {"id": "n11"}),))
    found = bench.connector().preflight(held, data_map)
    assert found.by_hand == {"users": LEANS}
    bench.change(held, data_map)
    assert "1" in bench.service.rows["users"]
    assert "n12" not in bench.service.rows["notes"]


@pytest.mark.parametrize(
    ("order", "erase"),
    [
        ({"holds": (Hold("cards", "A court wants it."),)}, {}),
        ({}, {"cards": "keep"}),
    ],
)
def test_nothing_is_erased_that_would_take_along_what_must_stay(
    bench: Bench, order: dict[str, Any], erase: dict[str, str]
) -> None:
    with pytest.raises(PreflightFailed, match="would take cards along"):
        bench.change(bench.order(**order), mapped(**erase))
    assert bench.service.changes == []


def test_a_lost_lease_stops_before_the_next_record(bench: Bench) -> None:
    calls: list[int] = []

    def lose_the_lease() -> None:
        calls.append(1)
        if bench.service.changes:
            raise RuntimeError("lost")

    with pytest.raises(RuntimeError):
        bench.connector().change(bench.order(), mapped(), note=bench.noted.append, heartbeat=lose_the_lease)
    assert len(bench.service.changes) == 1
