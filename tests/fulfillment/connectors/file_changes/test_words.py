"""Words about the person go out of accepted records of others in files; every other letter there stays."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Hold,
    How,
    Mention,
    NotTaken,
    Operation,
    ReceiptLine,
)
from fulfillment.connectors.file_changes.places import ALIKE, GONE, NAME, OLD
from fulfillment.connectors.file_changes.words import LETTERS, STAYS
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.sweeps.engine import Found, Stretch, Task, sweep
from fulfillment.traces.person import KnownPerson
from tests.fulfillment.connectors.asking import tables

ANN = KnownPerson.by(("email", "ann@x.org"), ("name", "Ann Berg"))
LINE = (
    '{"id": 2,  "mail": "joe@x.org", "big": 1.00000000000000000001, "note": "Ann Berg (ann@x.org) owes me"}'
)
OTHER = '{"id": 3, "mail": "zoe@x.org", "note": "nothing"}'
FIELDS = """{name: visits, fields: [{name: id, fides_meta: {primary_key: true}},
    {name: mail, fides_meta: {identity: email}}, {name: at}]}"""


def visits(glob: str = "days/*.jsonl", kind: str = "jsonl", **rules: Any) -> DataMap:
    """A map that says nothing of notes."""
    files = {"collections": {"visits": {"glob": glob, "format": kind}}}
    return tables(FIELDS, files=files, collections={"visits": rules or {"erase": "delete"}})


def store(root: Path) -> Connector[Any]:
    return CONNECTORS.get("object_store").from_settings({"root": f"file://{root}", "may_change": True})


def found_in(root: Path, data_map: DataMap) -> list[Found]:
    """What a sweep finds beyond the map."""
    swept = sweep(store(root), Task(ANN, "Bucket", "test", data_map))
    found = [each for part in swept if isinstance(part, Stretch) for each in part.found]
    return [each for each in found if each.coverage != "covered"]


def order(found: Iterable[Found], **more: Any) -> ChangeOrder:
    """Ann's deletion, with all of this accepted."""
    mentions = tuple(
        Mention(each.table, {name: str(part) for name, part in each.key.items()}, each.columns, each.digest)
        for each in found
    )
    query = SubjectQuery((Identity("email", "ann@x.org"),), "OMN-1")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    asked = ChangeOrder(
        "k1", Operation.ERASE, query, ("visits",), at, b"secret", person=ANN, mentions=mentions
    )
    return replace(asked, **more)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def change(root: Path, asked: ChangeOrder, data_map: DataMap | None = None) -> ChangeReceipt:
    return store(root).change(asked, data_map or visits(), note=lambda _receipt: None)


def words_of(receipt: ChangeReceipt) -> list[tuple[str, int]]:
    return [(each.collection, each.rows) for each in receipt.lines if each.how is How.REDACT]


def test_words_go_out_of_the_field_and_every_other_letter_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "days" / "1.jsonl", f"{OTHER}\r\n{LINE}\r\n\n{OTHER}")
    asked = order(found_in(tmp_path, visits()))
    found = store(tmp_path).preflight(asked, visits())
    assert [
        (each.collection, each.rows, each.fields) for each in found.planned if each.how is How.REDACT
    ] == [("visits", 1, ("note",))]
    receipt = change(tmp_path, asked)
    new = LINE.replace("Ann Berg (ann@x.org)", "[removed] ([removed])")
    assert path.read_bytes().decode() == f"{OTHER}\r\n{new}\r\n\n{OTHER}"
    assert words_of(receipt) == [("visits", 1)]
    assert receipt.not_taken == ()
    assert found_in(tmp_path, visits()) == []
    before = path.read_bytes()
    again = store(tmp_path)
    assert again.preflight(asked, visits()).rows == 0
    again.change(asked, visits(), note=lambda _receipt: None)
    assert path.read_bytes() == before


def test_own_rows_go_and_words_go_in_one_new_version_of_a_file(tmp_path: Path) -> None:
    own = '{"id": 1, "mail": "ann@x.org", "note": "Ann Berg herself"}'
    path = write(tmp_path / "days" / "1.jsonl", f"{own}\n{LINE}\n{OTHER}\n")
    receipt = change(tmp_path, order(found_in(tmp_path, visits())))
    assert "ann" not in path.read_text().lower()
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [2, 3]
    assert {(each.collection, each.how, each.rows) for each in receipt.lines} == {
        ("visits", How.DELETE, 1),
        ("visits", How.REDACT, 1),
    }
    assert [each.state for each in receipt.objects] == ["replaced"]


def test_a_csv_keeps_its_quotation_marks_line_ends_and_the_mark_of_its_letters(tmp_path: Path) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    first = '1;"joe@x.org";"told ""Ann Berg"",\r\nannoyed"\r\n'
    rows = f'\ufeffid;mail;note\r\n{first}"2";zoe@x.org; Ann Berg \r\n3;x;"y"\r\n'
    path = write(tmp_path / "people.csv", rows)
    receipt = change(tmp_path, order(found_in(tmp_path, visits())))
    assert path.read_bytes().decode() == rows.replace("Ann Berg", "[removed]")
    assert words_of(receipt) == [("other objects", 2)]


def test_what_a_map_covers_is_searched_as_before_and_its_words_go_too(tmp_path: Path) -> None:
    data_map = visits("people.csv", "csv")
    path = write(tmp_path / "people.csv", "id,mail,at,note\n1,joe@x.org,,Ann Berg asked\n2,ann@x.org,,mine\n")
    receipt = change(tmp_path, order(found_in(tmp_path, data_map)), data_map)
    assert path.read_text() == "id,mail,at,note\n1,joe@x.org,,[removed] asked\n"
    assert words_of(receipt) == [("visits", 1)]


def test_a_log_that_is_packed_stays_packed(tmp_path: Path) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    path = write(tmp_path / "server.log.gz", gzip.compress(b"one\nlogin ann@x.org from \xe4\ntwo\n"))
    change(tmp_path, order(found_in(tmp_path, visits())))
    assert gzip.decompress(path.read_bytes()) == b"one\nlogin [removed] from \xe4\ntwo\n"


def test_a_letter_and_a_json_file_are_written_anew_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    letter = write(tmp_path / "letter.txt", "Dear Joe,\nAnn Berg, ann@x.org, has moved.\n")
    papers = write(tmp_path / "papers.json", '{\n "n": 1.10,\n "of": "ann@x.org"\n}')
    receipt = change(tmp_path, order(found_in(tmp_path, visits())))
    assert letter.read_text() == "Dear Joe,\n[removed], [removed], has moved.\n"
    assert papers.read_text() == '{\n "n": 1.10,\n "of": "[removed]"\n}'
    assert words_of(receipt) == [("other objects", 2)]


def test_parquet_keeps_its_schema_its_groups_and_every_other_value(tmp_path: Path) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    path, schema = tmp_path / "talk.parquet", _schema()
    rows = [
        {
            "id": number,
            "at": datetime(2026, 1, 1, tzinfo=UTC),
            "cost": Decimal("1.1000"),
            "kind": "a" if number % 2 else "b",
            "who": {"name": "Ann Berg" if number == 5 else "Joe", "n": number},
            "words": "Ann Berg (ann@x.org) said" if number in (2, 5) else "ok",
        }
        for number in range(6)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, row_group_size=2, compression="zstd")
    receipt = change(tmp_path, order(found_in(tmp_path, visits())))
    new = pq.ParquetFile(path)
    assert new.schema_arrow.equals(pq.ParquetFile(path).schema_arrow, check_metadata=True)
    assert new.schema_arrow.equals(schema, check_metadata=True)
    assert new.num_row_groups == 3
    for number in (2, 5):
        rows[number]["words"] = "[removed] ([removed]) said"
    rows[5]["who"] = {"name": "[removed]", "n": 5}
    assert new.read().to_pylist() == pa.Table.from_pylist(rows, schema=schema).to_pylist()
    assert words_of(receipt) == [("other objects", 2)]


def _schema() -> pa.Schema:
    return pa.schema(
        [
            ("id", pa.int16()),
            ("at", pa.timestamp("ns", "UTC")),
            ("cost", pa.decimal128(10, 4)),
            ("kind", pa.dictionary(pa.int32(), pa.string())),
            ("who", pa.struct([("name", pa.string()), ("n", pa.int32())])),
            ("words", pa.large_string()),
        ],
        metadata={"made": "by hand"},
    )


def test_a_line_that_moved_is_found_by_what_it_says(tmp_path: Path) -> None:
    path = write(tmp_path / "days" / "1.jsonl", f"{OTHER}\n{LINE}\n")
    asked = order(found_in(tmp_path, visits()))
    write(path, f"{OTHER}\n{OTHER}\n{OTHER}\n{LINE}\n")
    assert words_of(change(tmp_path, asked)) == [("visits", 1)]
    assert "ann" not in path.read_text().lower()


def test_a_line_that_was_written_anew_is_not_guessed_at(tmp_path: Path) -> None:
    path = write(tmp_path / "days" / "1.jsonl", f"{LINE}\n")
    asked = order(found_in(tmp_path, visits()))
    now = LINE.replace("owes me", "owes me 5 €")
    write(path, f"{now}\n")
    receipt = change(tmp_path, asked)
    assert path.read_text() == f"{now}\n"
    assert receipt.not_taken == (NotTaken("visits", 1, GONE),)
    assert words_of(receipt) == []


def test_lines_that_read_alike_are_told_by_their_place_or_not_at_all(tmp_path: Path) -> None:
    path = write(tmp_path / "days" / "1.jsonl", f"{LINE}\n{OTHER}\n{LINE}\n")
    asked = order(found_in(tmp_path, visits())[:1])
    receipt = change(tmp_path, asked)
    assert path.read_text().splitlines()[2] == LINE
    assert words_of(receipt) == [("visits", 1)]

    write(path, f"{OTHER}\n{LINE}\n{LINE}\n")
    receipt = change(tmp_path, replace(asked, key="k2"))
    assert receipt.not_taken == (NotTaken("visits", 1, ALIKE),)
    assert path.read_text() == f"{OTHER}\n{LINE}\n{LINE}\n"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("for ann@x.org, 1.bin", b"\0\1", NAME),
        ("wide.log", "ann@x.org\n".encode("utf-16"), LETTERS),
    ],
)
def test_what_cannot_be_taken_out_is_said_and_stays(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    path = write(tmp_path / name, content)
    receipt = change(tmp_path, order(found_in(tmp_path, visits())))
    assert receipt.not_taken == (NotTaken("other objects", 1, why),)
    assert path.read_bytes() == content


def test_a_trace_of_an_older_sweep_has_nothing_to_be_known_by(tmp_path: Path) -> None:
    path = write(tmp_path / "days" / "1.jsonl", f"{LINE}\n")
    asked = order(replace(each, digest="") for each in found_in(tmp_path, visits()))
    assert change(tmp_path, asked).not_taken == (NotTaken("visits", 1, OLD),)
    assert path.read_text() == f"{LINE}\n"


def test_a_record_of_the_person_on_hold_keeps_its_words(tmp_path: Path) -> None:
    own = '{"id": 1, "mail": "ann@x.org", "note": "Ann Berg herself"}'
    path = write(tmp_path / "days" / "1.jsonl", f"{own}\n")
    asked = order(found_in(tmp_path, visits()), holds=(Hold("visits", "Court.", {"id": "1"}),))
    receipt = change(tmp_path, asked)
    assert path.read_text() == f"{own}\n"
    assert receipt.not_taken == (NotTaken("visits", 1, STAYS),)


def test_a_masked_record_loses_the_words_that_no_rule_of_the_map_reaches(tmp_path: Path) -> None:
    own = '{"id": 1, "mail": "ann@x.org", "at": 1.50, "note": "Ann Berg herself"}'
    path = write(tmp_path / "days" / "1.jsonl", f"{own}\n")
    data_map = visits(erase="mask", fields={"mail": {"erase": "clear"}})
    receipt = change(tmp_path, order(found_in(tmp_path, data_map)), data_map)
    assert path.read_text() == '{"id": 1, "mail": null, "at": 1.50, "note": "[removed] herself"}\n'
    assert {(each.how, each.rows) for each in receipt.lines} == {(How.MASK, 1), (How.REDACT, 1)}


def test_an_object_that_is_gone_is_no_obstacle(tmp_path: Path) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    path = write(tmp_path / "server.log", "ann@x.org\n")
    asked = order(found_in(tmp_path, visits()))
    path.unlink()
    receipt = change(tmp_path, asked)
    assert receipt.not_taken == (NotTaken("other objects", 1, GONE),)
    assert ReceiptLine("visits", How.DELETE, 0) in receipt.lines


def test_a_record_too_long_for_the_reader_of_csv_is_looked_at_line_by_line(tmp_path: Path) -> None:
    write(tmp_path / "days" / "1.jsonl", OTHER)
    path = write(tmp_path / "long.csv", f"id,note\n1,{'x' * 200_000} Ann Berg ann@x.org\n2,ann@x.org\n")
    change(tmp_path, order(found_in(tmp_path, visits())))
    assert "ann" not in path.read_text().lower()
