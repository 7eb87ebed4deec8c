"""Files are written anew without the person; what others wrote stays byte for byte."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Correction,
    Hold,
    Operation,
    PreflightFailed,
    Verdict,
)
from fulfillment.connectors.errors import Fatal, Retryable, Unsupported
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.leaning import LEANS
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map

STRANGER = (
    '{"id": 2,   "mail": "joann@x.org", "page": "/é", "at": "2020-01-01", "big": 1.00000000000000000001}'
)
ANN = '{"id": 1, "mail": " ANN@x.org ", "page": "/a", "at": "2025-05-05"}'
MASKED = {"mail": {"erase": "keep_domain"}, "page": {"erase": "clear"}}


def visits(rules: dict[str, Any], glob: str = "*/visits.jsonl", **described: str) -> DataMap:
    written = {"glob": glob, "format": described.pop("format", "jsonl"), **described}
    dataset = {
        "fides_key": "files",
        "name": "Files",
        "meta": {"omne": {"files": {"collections": {"visits": written}}, "collections": {"visits": rules}}},
        "collections": [
            {
                "name": "visits",
                "fields": [
                    {"name": "id", "data_categories": ["user"], "fides_meta": {"primary_key": True}},
                    {"name": "mail", "data_categories": ["user"], "fides_meta": {"identity": "email"}},
                    {"name": "page", "data_categories": ["user"]},
                    {"name": "at", "data_categories": ["user"]},
                ],
            }
        ],
    }
    return load_map(yaml.safe_dump({"dataset": [dataset]}))


def visits_and_bills() -> DataMap:
    """The same beside bills, which rest on the page of a visit."""
    plain = {"data_categories": ["user"]}
    key = {**plain, "fides_meta": {"primary_key": True}}
    mail = {**plain, "fides_meta": {"identity": "email"}}
    names = ("visits", "bills")
    files = {name: {"glob": f"*/{name}.jsonl", "format": "jsonl"} for name in names}
    rules = {name: {"erase": "delete"} for name in names}
    rests = {"retention": {"rule": "Tax law.", "leans_on": ["visits.page"]}}
    fields = [{"name": "id", **key}, {"name": "mail", **mail}, {"name": "page", **plain}]
    dataset = {
        "fides_key": "files",
        "name": "Files",
        "meta": {
            "omne": {
                "files": {"collections": files},
                "collections": {**rules, "bills": rules["bills"] | rests},
            }
        },
        "collections": [{"name": name, "fields": fields} for name in names],
    }
    return load_map(yaml.safe_dump({"dataset": [dataset]}))


def connector(folder: Path, *, may_change: bool = True) -> Connector[Any]:
    return CONNECTORS.get("object_store").from_settings(
        {"root": f"file://{folder}", "may_change": may_change}
    )


def order(operation: Operation = Operation.ERASE, **more: Any) -> ChangeOrder:
    query = SubjectQuery((Identity("email", "ann@x.org"),), "OMN-1")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return ChangeOrder("k1", operation, query, ("visits",), at, b"secret", **more)


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def change(folder: Path, data_map: DataMap, asked: ChangeOrder | None = None) -> ChangeReceipt:
    return connector(folder).change(asked or order(), data_map, note=lambda _receipt: None)


def test_a_line_goes_and_the_lines_of_others_stay_byte_for_byte(tmp_path: Path) -> None:
    first = write(tmp_path / "1" / "visits.jsonl", STRANGER, ANN, "", STRANGER)
    other = write(tmp_path / "2" / "visits.jsonl", STRANGER)
    before = other.stat()
    receipt = change(tmp_path, visits({"erase": "delete"}))
    assert first.read_text() == f"{STRANGER}\n\n{STRANGER}\n"
    assert receipt.rows == 1
    assert other.stat().st_ino == before.st_ino, "a file without the person is not touched"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["visits.jsonl"] * 2


def test_a_packed_file_stays_packed(tmp_path: Path) -> None:
    path = tmp_path / "1" / "visits.jsonl.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(f"{ANN}\n{STRANGER}\n".encode()))
    change(tmp_path, visits({"erase": "delete"}, glob="*/visits.jsonl.gz"))
    assert gzip.decompress(path.read_bytes()).decode() == f"{STRANGER}\n"


def test_a_row_that_stays_is_masked_as_its_map_says(tmp_path: Path) -> None:
    path = write(tmp_path / "1" / "visits.jsonl", ANN)
    change(tmp_path, visits({"erase": "mask", "fields": MASKED}))
    row = json.loads(path.read_text())
    assert row["mail"].endswith("@x.org")
    assert "ann" not in row["mail"].lower()
    assert (row["page"], row["id"], row["at"]) == (None, 1, "2025-05-05")


@pytest.mark.parametrize("value", ["ann-berg-secret", "ann@berg@x.org", "ann@secret"])
def test_what_is_no_address_keeps_no_domain(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "1" / "visits.jsonl", ANN.replace("/a", value))
    change(tmp_path, visits({"erase": "mask", "fields": {"page": {"erase": "keep_domain"}}}))
    assert re.fullmatch("[0-9a-f]{64}", json.loads(path.read_text())["page"])


def test_csv_keeps_quotes_and_line_ends_of_others(tmp_path: Path) -> None:
    lines = (
        'id;mail;page;at\r\n1;"ann@x.org";"a ""b""\r\nc";2020-01-01\r\n2;joann@x.org;"x;y";"2020-01-01"\r\n'
    )
    path = tmp_path / "visits.csv"
    path.write_bytes(lines.encode())
    data_map = visits({"erase": "delete"}, glob="visits.csv", format="csv", delimiter=";")
    assert connector(tmp_path).preflight(order(), data_map).rows == 1
    change(tmp_path, data_map)
    assert path.read_bytes().decode() == 'id;mail;page;at\r\n2;joann@x.org;"x;y";"2020-01-01"\r\n'


def test_parquet_keeps_types_order_and_metadata(tmp_path: Path) -> None:
    path = tmp_path / "visits.parquet"
    rows = [
        {"id": number, "mail": mail, "page": "/", "at": date(2020, 1, number), "extra": [1.5, None]}
        for number, mail in ((1, "joann@x.org"), (2, "ann@x.org"), (3, "zoe@x.org"))
    ]
    schema = pa.schema(
        [("id", pa.int16()), ("mail", pa.string()), ("page", pa.string()), ("at", pa.date32()),
         ("extra", pa.list_(pa.float32()))], metadata={"made": "by hand"},
    )  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="gzip")
    before = pq.read_schema(path)
    data_map = visits({"erase": "mask", "fields": MASKED}, glob="visits.parquet", format="parquet")
    change(tmp_path, data_map)
    new = pq.read_table(path)
    assert new.schema.equals(before, check_metadata=True)
    found = new.to_pylist()
    assert [found[0], found[2]] == [rows[0], rows[2]]
    assert found[1]["page"] is None
    assert found[1]["mail"] != "ann@x.org"
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "GZIP"


def test_what_a_law_keeps_stays_until_its_day(tmp_path: Path) -> None:
    old = ANN.replace("2025-05-05", "2010-05-05")
    path = write(tmp_path / "1" / "visits.jsonl", ANN, old)
    kept = {"rule": "Tax law.", "period": {"length": "P10Y", "counted_from": "at"}}
    receipt = change(tmp_path, visits({"erase": "delete", "retention": kept}))
    assert path.read_text() == f"{ANN}\n"
    assert [(each.rows, each.why, each.until) for each in receipt.kept] == [(1, "Tax law.", date(2035, 5, 5))]


def test_a_held_row_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "1" / "visits.jsonl", ANN, ANN.replace('"id": 1', '"id": 9'))
    change(
        tmp_path, visits({"erase": "delete"}), order(holds=(Hold("visits", "A court case.", {"id": "9"}),))
    )
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [9]


def test_only_the_wrong_value_is_corrected(tmp_path: Path) -> None:
    path = write(tmp_path / "1" / "visits.jsonl", ANN, ANN.replace("/a", "/b"), STRANGER)
    wanted = order(Operation.CORRECT, corrections=(Correction("visits", "page", "/a", "/c"),))
    assert change(tmp_path, visits({}), wanted).rows == 1
    assert [json.loads(line)["page"] for line in path.read_text().splitlines()] == ["/c", "/b", "/é"]


def test_a_file_that_somebody_writes_to_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "1" / "visits.jsonl", ANN)

    def note(_receipt: ChangeReceipt) -> None:
        write(path, ANN, STRANGER)

    with pytest.raises(Retryable, match="written to meanwhile"):
        connector(tmp_path).change(order(), visits({"erase": "delete"}), note=note)
    assert path.read_text() == f"{ANN}\n{STRANGER}\n"
    assert [each.name for each in path.parent.iterdir()] == ["visits.jsonl"]


def test_a_damaged_file_keeps_every_file_as_it_is(tmp_path: Path) -> None:
    first = write(tmp_path / "1" / "visits.jsonl", ANN)
    write(tmp_path / "2" / "visits.jsonl", "no object ann@x.org")
    with pytest.raises(Fatal, match=r"2/visits.jsonl, line 1") as refused:
        change(tmp_path, visits({"erase": "delete"}))
    assert "ann@" not in str(refused.value)
    assert first.read_text() == f"{ANN}\n"
    assert not list(tmp_path.rglob("*.omne-*"))


def test_an_order_cut_off_between_two_files_is_settled_as_not_done_and_ends_when_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("1", "2"):
        write(tmp_path / day / "visits.jsonl", ANN, STRANGER)
    replaced = FileStore.replace

    def cut_off(self: FileStore, path: str, new: str) -> None:
        if "/2/" in path:
            raise KeyboardInterrupt
        replaced(self, path, new)

    noted: list[ChangeReceipt] = []
    data_map = visits({"erase": "delete"})
    monkeypatch.setattr(FileStore, "replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        connector(tmp_path).change(order(), data_map, note=noted.append)
    monkeypatch.undo()
    assert connector(tmp_path).settle(order(), data_map, noted[0]) is Verdict.NOT_DONE
    assert change(tmp_path, data_map).rows == 1
    assert connector(tmp_path).settle(order(), data_map, noted[0]) is Verdict.DONE


def test_files_that_were_replaced_before_one_failed_are_named_and_can_be_ordered_again_alone(
    tmp_path: Path,
) -> None:
    first, second = (write(tmp_path / name / "visits.jsonl", ANN, STRANGER) for name in "12")
    source, data_map = connector(tmp_path), visits({"erase": "delete"})

    def note(_receipt: ChangeReceipt) -> None:
        write(second, ANN, STRANGER, STRANGER)

    with pytest.raises(Retryable):
        source.change(order(), data_map, note=note)
    made = source.made_so_far(order(), data_map)
    assert ([(line.collection, line.rows) for line in made.lines], len(made.made)) == ([("visits", 1)], 1)
    assert str(first) not in repr(made.made)

    write(first, ANN, STRANGER)
    assert change(tmp_path, data_map, order(only=frozenset(made.made))).rows == 1
    assert first.read_text() == f"{STRANGER}\n"
    assert ANN in second.read_text()


def test_files_are_not_changed_unless_the_settings_allow_it(tmp_path: Path) -> None:
    write(tmp_path / "1" / "visits.jsonl", ANN)
    with pytest.raises(Unsupported, match="may_change"):
        connector(tmp_path, may_change=False).preflight(order(), visits({"erase": "delete"}))


def test_what_the_map_does_not_say_is_left_to_a_person(tmp_path: Path) -> None:
    write(tmp_path / "1" / "visits.jsonl", ANN)
    found = connector(tmp_path).preflight(order(), visits({}))
    assert found.by_hand == {"visits": "its map does not say how to erase it"}
    assert found.rows == 0


def test_only_the_files_named_by_the_person_are_written_anew(tmp_path: Path) -> None:
    for name in ("ann@x.org", "joann@x.org"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "visits.jsonl").write_text(f"{ANN}\n{STRANGER}\n")
    named = visits({"erase": "delete"}, glob="{identity.email}/visits.jsonl")
    receipt = connector(tmp_path).change(order(), named, note=lambda _receipt: None)
    assert receipt.rows == 1
    assert (tmp_path / "ann@x.org" / "visits.jsonl").read_text() == f"{STRANGER}\n"
    assert (tmp_path / "joann@x.org" / "visits.jsonl").read_text() == f"{ANN}\n{STRANGER}\n"


def test_what_records_of_others_rest_on_is_left_to_a_person(tmp_path: Path) -> None:
    kept = write(tmp_path / "1" / "visits.jsonl", ANN)
    write(tmp_path / "1" / "bills.jsonl", ANN)
    asked = replace(order(), collections=("visits", "bills"))
    found = connector(tmp_path).preflight(asked, visits_and_bills())
    assert found.by_hand == {"visits": LEANS}
    assert [(each.collection, each.rows) for each in found.planned] == [("bills", 1)]
    change(tmp_path, visits_and_bills(), asked)
    assert kept.read_text() == f"{ANN}\n"


def test_a_held_row_that_is_not_there_stops_the_change_unless_it_may_be_gone(tmp_path: Path) -> None:
    kept = write(tmp_path / "1" / "visits.jsonl", ANN)
    held, data_map = Hold("visits", "Court.", {"id": "01"}), visits({"erase": "delete"})
    assert (
        "on hold was not found" in connector(tmp_path).preflight(order(holds=(held,)), data_map).problems[0]
    )
    with pytest.raises(PreflightFailed):
        change(tmp_path, data_map, order(holds=(held,)))
    assert kept.read_text() == f"{ANN}\n"
    assert change(tmp_path, data_map, order(holds=(replace(held, may_be_gone=True),))).rows == 1


def nested(fields: dict[str, Any], kind: str = "jsonl") -> DataMap:
    """The map of visits whose pages have fields inside."""
    written: Any = {
        "fides_key": "files",
        "name": "Files",
        "meta": {
            "omne": {
                "files": {"collections": {"visits": {"glob": f"*/visits.{kind}", "format": kind}}},
                "collections": {"visits": {"erase": "mask", "fields": fields}},
            }
        },
    }
    name = {"name": "name", "data_categories": ["user"]}
    people = {"name": "people", "fides_meta": {"data_type": "object[]"}, "fields": [name]}
    page = [{"name": "by", "data_categories": ["user"]}, people]
    rows = [
        {"name": "id", "data_categories": ["user"], "fides_meta": {"primary_key": True}},
        {"name": "mail", "data_categories": ["user"], "fides_meta": {"identity": "email"}},
        {"name": "page", "fides_meta": {"data_type": "object"}, "fields": page},
    ]
    written["collections"] = [{"name": "visits", "fields": rows}]
    return load_map(yaml.safe_dump({"dataset": [written]}))


def test_no_field_inside_another_value_is_passed_over(tmp_path: Path) -> None:
    people = [{"name": "Ann", "of": 1}, {"name": None}, {"of": 2}]
    line = json.dumps({"id": 1, "mail": "ann@x.org", "page": {"by": "Ann", "people": people}})
    path = write(tmp_path / "1" / "visits.jsonl", line)
    rules = {"page.by": {"erase": "clear"}, "page.people.name": {"erase": "hash"}}
    change(tmp_path, nested(rules))
    page = json.loads(path.read_text())["page"]
    assert page["by"] is None
    assert re.fullmatch("[0-9a-f]{64}", page["people"][0]["name"])
    assert page["people"] == [{"name": page["people"][0]["name"], "of": 1}, *people[1:]]


def test_a_field_inside_a_value_that_goes_is_no_obstacle(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "mail": "ann@x.org", "page": {"by": "Ann"}})
    path = write(tmp_path / "1" / "visits.jsonl", line)
    change(tmp_path, nested({"page": {"erase": "hash"}, "page.by": {"erase": "clear"}}))
    assert re.fullmatch("[0-9a-f]{64}", json.loads(path.read_text())["page"])


def test_a_field_inside_what_is_only_a_text_is_shown_to_a_person(tmp_path: Path) -> None:
    path = write(tmp_path / "1" / "visits.csv", "id,mail,page", '1,ann@x.org,"{""by"": ""Ann""}"')
    before = path.read_text()
    data_map = nested({"page.by": {"erase": "clear"}}, "csv")
    with pytest.raises(Fatal, match="lies inside another value"):
        connector(tmp_path).preflight(order(), data_map)
    with pytest.raises(Fatal, match="lies inside another value"):
        change(tmp_path, data_map)
    assert path.read_text() == before
