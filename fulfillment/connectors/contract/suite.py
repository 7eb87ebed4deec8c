"""What every connector must do, as tests to inherit: give a `Harness` with the club in the system."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
import yaml

from fulfillment.connectors.base import Batch, CollectionDone, Connector, Yielded
from fulfillment.connectors.contract.club import ANN, SECRET, club_rows
from fulfillment.connectors.errors import NotConfigured, Unsupported
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map


@dataclass(frozen=True)
class Harness:
    """A live system that holds the club, and how it is reached."""

    connector: Connector[Any]
    document: dict[str, Any]

    @property
    def data_map(self) -> DataMap:
        """The club's map."""
        return load_map(yaml.safe_dump(self.document, sort_keys=False))


def ask(
    harness: Harness, *identities: tuple[str, str], heartbeat: Callable[[], None] = lambda: None
) -> list[Yielded]:
    """Everything a search yields."""
    query = SubjectQuery(tuple(Identity(kind, value) for kind, value in identities), "DSR-TEST")
    return list(harness.connector.search(query, harness.data_map, heartbeat=heartbeat))


def rows_of(found: list[Yielded]) -> dict[str, list[dict[str, Any]]]:
    """The rows by collection, parsed."""
    rows: dict[str, list[dict[str, Any]]] = {each.collection: [] for each in found}
    for each in found:
        if isinstance(each, Batch):
            rows[each.collection] += [json.loads(line) for line in each.lines]
    return rows


class ConnectorContract:
    """Inherit this, and give a fixture `harness`."""

    # Members whose rows are Ann's: an address is the same in any letter case, and no other is.
    anns: ClassVar[set[int]] = {1, 6}

    @pytest.fixture
    def harness(self) -> Iterator[Harness]:
        raise NotImplementedError

    def test_finds_the_person_and_all_that_hangs_on_them(self, harness: Harness) -> None:
        found = rows_of(ask(harness, ("email", ANN)))
        held = club_rows()
        orders = {each["id"] for each in held["orders"] if each["member_id"] in self.anns}
        assert {each["id"] for each in found["members"]} == self.anns
        assert {each["id"] for each in found["orders"]} == orders
        assert len(found["lines"]) == sum(each["order_id"] in orders for each in held["lines"])

    def test_an_address_matches_itself_in_any_case_and_never_another(self, harness: Harness) -> None:
        for asked, number in (
            ("  Joann@CLUB.example ", 2),
            ("ann+SHOP@club.example", 3),
            ("a_n@club.example", 5),
        ):
            assert [each["id"] for each in rows_of(ask(harness, ("email", asked)))["members"]] == [number]

    def test_gives_every_mapped_value_as_it_is_and_no_secret(self, harness: Harness) -> None:
        found = rows_of(ask(harness, ("email", "joann@club.example")))
        assert found["members"] == [
            {"id": 2, "email": "joann@club.example", "name": "Joann", "tags": ["a", "b"]}
        ]
        notes = {each["note"] for each in club_rows()["orders"] if each["member_id"] == 2}
        assert {each["note"] for each in found["orders"]} == notes

    def test_lines_are_single_and_never_hold_the_secret(self, harness: Harness) -> None:
        lines = [
            line for each in ask(harness, ("email", ANN)) if isinstance(each, Batch) for line in each.lines
        ]
        assert lines
        assert all(b"\n" not in line and SECRET.encode() not in line for line in lines)

    def test_fields_come_in_the_order_of_the_map(self, harness: Harness) -> None:
        found = rows_of(ask(harness, ("email", ANN)))
        assert {tuple(each) for each in found["members"]} == {("id", "email", "name", "tags")}

    def test_every_collection_ends_once_with_its_count_right_after_its_rows(self, harness: Harness) -> None:
        found = ask(harness, ("email", ANN))
        ends = [each for each in found if isinstance(each, CollectionDone)]
        assert sorted(end.collection for end in ends) == ["calls", "lines", "members", "orders"]
        open_collection, count = "", 0
        for each in found:
            if isinstance(each, Batch):
                assert open_collection in {"", each.collection}
                open_collection, count = each.collection, count + len(each.lines)
            elif isinstance(each, CollectionDone):
                assert open_collection in {"", each.collection}
                assert each.count == count
                open_collection, count = "", 0

    def test_a_row_comes_once_however_many_identities_lead_to_it(self, harness: Harness) -> None:
        once = rows_of(ask(harness, ("email", ANN)))
        twice = rows_of(ask(harness, ("email", ANN), ("email", "ANN@club.EXAMPLE")))
        assert {name: len(rows) for name, rows in once.items()} == {
            name: len(rows) for name, rows in twice.items()
        }

    def test_several_identities_add_up(self, harness: Harness) -> None:
        found = rows_of(
            ask(harness, ("email", ANN), ("email", "joann@club.example"), ("phone_number", "0041445550102"))
        )
        assert {each["id"] for each in found["members"]} == self.anns | {2}
        assert [each["seconds"] for each in found["calls"]] == [61]

    def test_a_stranger_to_the_source_has_no_rows_and_complete_ends(self, harness: Harness) -> None:
        found = ask(harness, ("email", "nobody@club.example"))
        assert all(isinstance(each, CollectionDone) and each.count == 0 for each in found)
        assert {each.collection for each in found} == {"members", "orders", "lines", "calls"}

    def test_says_which_collection_the_identities_do_not_lead_to(self, harness: Harness) -> None:
        ends = {
            each.collection: each for each in ask(harness, ("email", ANN)) if isinstance(each, CollectionDone)
        }
        assert "email" in ends["calls"].unsearched
        assert ends["members"].unsearched == ""

    def test_names_what_the_map_does_not_mention(self, harness: Harness) -> None:
        ends = {
            each.collection: each for each in ask(harness, ("email", ANN)) if isinstance(each, CollectionDone)
        }
        assert ends["members"].unmapped == ("extra",)

    def test_refuses_a_person_it_has_no_way_to_look_for(self, harness: Harness) -> None:
        with pytest.raises(Unsupported, match=r"email or phone number"):
            ask(harness, ("loyalty_card", "4711"))

    def test_a_missing_field_is_a_sentence_that_names_it(self, harness: Harness) -> None:
        document = json.loads(json.dumps(harness.document))
        document["dataset"][0]["collections"][1]["fields"].append({"name": "gone_away"})
        with pytest.raises(Exception, match="gone_away") as refused:
            ask(replace(harness, document=document), ("email", ANN))
        assert getattr(refused.value, "code", "") in {"source_not_configured", "source_answer_refused"}

    def test_beats_while_it_works(self, harness: Harness) -> None:
        beats: list[int] = []
        ask(harness, ("email", ANN), heartbeat=lambda: beats.append(1))
        assert beats

    def test_searches_twice_with_the_same_result(self, harness: Harness) -> None:
        first, second = (rows_of(ask(harness, ("email", ANN))) for _ in range(2))
        assert first == second

    def test_checks_itself_against_the_map(self, harness: Harness) -> None:
        assert harness.connector.check(harness.data_map).sentence.endswith(".")

    def test_settings_show_no_secret_and_refuse_unknown_names_without_values(self, harness: Harness) -> None:
        assert SECRET not in repr(harness.connector.settings) + str(harness.connector.settings)
        with pytest.raises(NotConfigured) as refused:
            type(harness.connector).from_settings({"no_such_setting": SECRET})
        assert SECRET not in str(refused.value)
