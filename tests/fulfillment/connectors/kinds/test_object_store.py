"""Files: every line looked at, columns missed, values that lead from one collection to another."""

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.errors import Fatal, NotConfigured
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.asking import ends, found, tables

VIEWS = "{name: views, fields: [{name: id}, {name: mail, fides_meta: {identity: email}}, {name: page}]}"
DEVICES = "{name: devices, fields: [{name: device}, {name: mail, fides_meta: {identity: email}}]}"
LOGS = """{name: logs, fields: [{name: line},
    {name: device, fides_meta: {references: [{dataset: s, field: devices.device, direction: from}]}}]}"""


def store(folder: Path) -> Connector[Any]:
    return CONNECTORS.get("object_store").from_settings({"root": f"file://{folder}"})


def files(*collections: str, **globs: str) -> DataMap:
    described = {
        name: {"glob": glob, "format": glob.rpartition("/")[2].split(".")[1]} for name, glob in globs.items()
    }
    return tables(*collections, files={"collections": described})


def write(path: Path, *rows: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines))


def view(number: int, mail: str | None = "ann@x.org") -> dict[str, Any]:
    return {"id": number, "mail": mail, "page": "/"}


@pytest.mark.parametrize(
    "bad", ['{"id": 1, "mail": "ann@x.org", "pa', "[1]", "{}{}", "nonsense ann@x.org", '{"a": NaN}']
)
def test_a_line_that_is_no_object_stops_the_search_and_is_named_without_content(
    tmp_path: Path, bad: str
) -> None:
    write(tmp_path / "a" / "views.jsonl", view(1), view(2, "joann@x.org"), bad, view(3))
    with pytest.raises(Fatal, match=r"^a/views.jsonl, line 3, is not a JSON object") as refused:
        found(store(tmp_path), files(VIEWS, views="*/views.jsonl"), "ann@x.org")
    assert "ann@" not in str(refused.value)


def test_a_line_that_lacks_what_it_is_searched_by_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "views.jsonl", view(1), {"id": 2, "page": "/secret"})
    with pytest.raises(Fatal, match=r"views.jsonl, line 2: views lack the field mail"):
        found(store(tmp_path), files(VIEWS, views="views.jsonl"), "ann@x.org")


def test_a_line_of_the_person_that_lacks_a_mapped_field_is_named(tmp_path: Path) -> None:
    write(tmp_path / "views.jsonl", view(1), {"id": 2, "mail": "ann@x.org"})
    with pytest.raises(Fatal, match=r"views.jsonl, line 2: .* without the mapped field page"):
        found(store(tmp_path), files(VIEWS, views="views.jsonl"), "ann@x.org")


def test_empty_lines_nulls_and_a_missing_last_line_end_are_no_error(tmp_path: Path) -> None:
    (tmp_path / "views.jsonl").write_text(f"\n{json.dumps(view(1, None))}\n\n{json.dumps(view(2))}")
    rows = found(store(tmp_path), files(VIEWS, views="views.jsonl"), "ann@x.org")
    assert rows == {"views": [view(2)]}


def test_days_are_found_by_pattern_in_their_order(tmp_path: Path) -> None:
    for day in (3, 1, 2):
        write(tmp_path / f"2026-11-0{day}" / "views.jsonl", view(day))
    write(tmp_path / "2026-11-01" / "others.jsonl", view(9))
    rows = found(store(tmp_path), files(VIEWS, views="*/views.jsonl"), "ANN@x.org")
    assert [row["id"] for row in rows["views"]] == [1, 2, 3]


BY_KEY = {"views": "{identity.email}/views.jsonl"}


def test_files_named_by_a_person_are_opened_for_that_person_alone(tmp_path: Path) -> None:
    """By key and by prefix: the others are not even read, broken as they may be."""
    write(tmp_path / "ann@x.org" / "views.jsonl", view(1), view(2, "joann@x.org"))
    write(tmp_path / "joann@x.org" / "views.jsonl", "nonsense")
    for asked in ("ann@x.org", "ANN@x.org"):
        assert found(store(tmp_path), files(VIEWS, **BY_KEY), asked)["views"] == [view(1)]
    assert "views" not in found(store(tmp_path), files(VIEWS, **BY_KEY), "nobody@x.org")


def test_a_value_that_is_no_part_of_a_path_names_no_file(tmp_path: Path) -> None:
    write(tmp_path / "in" / "ann@x.org" / "views.jsonl", view(1, "../in/ann@x.org"))
    for asked in ("../in/ann@x.org", "*", "?nn@x.org", "[a]nn@x.org", ".."):
        assert found(store(tmp_path / "in"), files(VIEWS, **BY_KEY), asked).get("views", []) == []


def test_without_what_they_are_named_by_all_files_are_read(tmp_path: Path) -> None:
    write(tmp_path / "4711" / "views.jsonl", view(1))
    write(tmp_path / "4712" / "views.jsonl", view(2, "joann@x.org"))
    data_map = files(
        VIEWS.replace("{name: page}", "{name: page, fides_meta: {identity: number}}"),
        views="{identity.number}/views.jsonl",
    )
    assert found(store(tmp_path), data_map, "ann@x.org")["views"] == [view(1)]


def test_a_compressed_file_is_read_like_another(tmp_path: Path) -> None:
    (tmp_path / "views.jsonl.gz").write_bytes(gzip.compress(json.dumps(view(1)).encode()))
    assert found(store(tmp_path), files(VIEWS, views="views.jsonl.gz"), "ann@x.org")["views"] == [view(1)]


def test_values_found_in_one_collection_lead_to_the_next(tmp_path: Path) -> None:
    pq.write_table(
        pa.Table.from_pylist(
            [{"device": "d1", "mail": "Ann@x.org"}, {"device": "d2", "mail": "joann@x.org"}]
        ),
        tmp_path / "devices.parquet",
    )
    write(
        tmp_path / "logs.jsonl",
        {"line": 1, "device": "d1"},
        {"line": 2, "device": "d2"},
        {"line": 3, "device": None},
    )
    data_map = files(LOGS, DEVICES, logs="logs.jsonl", devices="devices.parquet")
    assert found(store(tmp_path), data_map, "ann@x.org")["logs"] == [{"line": 1, "device": "d1"}]


def test_numbers_lead_on_in_parquet_too(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([{"device": 7, "mail": "ann@x.org"}]), tmp_path / "devices.parquet")
    lines = [{"line": 1, "device": 7}, {"line": 2, "device": 77}]
    pq.write_table(pa.Table.from_pylist(lines), tmp_path / "logs.parquet")
    data_map = files(LOGS, DEVICES, logs="logs.parquet", devices="devices.parquet")
    assert [row["line"] for row in found(store(tmp_path), data_map, "ann@x.org")["logs"]] == [1]


def test_a_column_that_a_parquet_file_lacks_is_named_with_the_file(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([{"id": 1, "mail": "ann@x.org"}]), tmp_path / "views.parquet")
    with pytest.raises(NotConfigured, match=r"the column page, which views.parquet does not have"):
        found(store(tmp_path), files(VIEWS, views="views.parquet"), "ann@x.org")


def test_parquet_values_lose_nothing(tmp_path: Path) -> None:
    row = {
        "mail": "ann@x.org",
        "at": datetime(2026, 11, 22, 12, tzinfo=UTC),
        "price": Decimal("123456789012345.1200"),
        "raw": b"\xff",
        "nested": {"a": [1, None], "at": datetime(2026, 1, 1)},  # noqa: DTZ001
        "nothing": None,
    }
    table = pa.Table.from_pylist([row]).append_column(
        "fine", pa.array([1_700_000_000_123_456_789], pa.timestamp("ns"))
    )
    pq.write_table(table, tmp_path / "x.parquet")
    fields = ", ".join(f"{{name: {name}}}" for name in ("at", "price", "raw", "nested", "nothing", "fine"))
    data_map = files(
        f"{{name: x, fields: [{{name: mail, fides_meta: {{identity: email}}}}, {fields}]}}", x="x.parquet"
    )
    assert found(store(tmp_path), data_map, "ann@x.org")["x"] == [
        {
            "mail": "ann@x.org",
            "at": "2026-11-22T12:00:00+00:00",
            "price": "123456789012345.1200",
            "raw": {"$base64": "/w=="},
            "nested": {"a": [1, None], "at": "2026-01-01T00:00:00"},
            "nothing": None,
            "fine": "2023-11-14 22:13:20.123456789",
        }
    ]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all, but long enough to look at" * 10])
def test_a_damaged_parquet_file_stops_the_search(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "views.parquet").write_bytes(content)
    with pytest.raises(Fatal, match=r"views.parquet is damaged"):
        found(store(tmp_path), files(VIEWS, views="views.parquet"), "ann@x.org")


def test_a_parquet_file_cut_short_stops_the_search(tmp_path: Path) -> None:
    path = tmp_path / "views.parquet"
    pq.write_table(pa.Table.from_pylist([view(number) for number in range(1000)]), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Fatal, match=r"views.parquet is damaged"):
        found(store(tmp_path), files(VIEWS, views="views.parquet"), "ann@x.org")


def test_a_pattern_that_finds_no_file_is_refused_by_name(tmp_path: Path) -> None:
    data_map = files(VIEWS, views="*/views.jsonl")
    for do in (
        lambda: found(store(tmp_path), data_map, "ann@x.org"),
        lambda: store(tmp_path).check(data_map),
    ):
        with pytest.raises(NotConfigured, match=r"at \*/views.jsonl, where its map looks"):
            do()


def test_columns_nobody_mentions_are_named_even_of_strangers(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([{**view(1, "joann@x.org"), "extra": 1}]), tmp_path / "views.parquet")
    end = ends(store(tmp_path), files(VIEWS, views="views.parquet"), "ann@x.org")["views"]
    assert (end.count, end.unmapped) == (0, ("extra",))


@pytest.mark.parametrize(
    "root", ["/etc", "http://x/", "simplecache::file:///tmp", "file:///a:b", "zip://x", ""]
)
def test_a_root_of_another_kind_is_refused(root: str) -> None:
    with pytest.raises(NotConfigured, match="setting root"):
        CONNECTORS.get("object_store").from_settings({"root": root})


def test_look_alike_letters_are_not_folded_into_an_address(tmp_path: Path) -> None:
    rows = [view(1, "mi\u212ae@x.org"), view(2, " MIKE@x.org\t"), view(3, "JÖRG@x.org")]
    write(tmp_path / "views.jsonl", *rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "views.parquet")
    for glob in ("views.jsonl", "views.parquet"):
        assert [
            row["id"] for row in found(store(tmp_path), files(VIEWS, views=glob), "mike@x.org")["views"]
        ] == [2]
        assert [
            row["id"] for row in found(store(tmp_path), files(VIEWS, views=glob), "jörg@x.org")["views"]
        ] == [3]
