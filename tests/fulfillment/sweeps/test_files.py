"""A sweep of files finds a person in every object, in a map or not, whatever it is written in."""

import base64
import bz2
import gzip
import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.file_sweeps import sweeper
from fulfillment.datamaps.datamap import DataMap
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Found, Listing, Stretch, Task, sweep
from fulfillment.traces.judge import Kind
from tests.fulfillment.connectors.asking import tables
from tests.fulfillment.sweeps.crm import ANN
from tests.fulfillment.traces.packings import mail, pdf

VIEWS = """{name: views, fields: [{name: id, fides_meta: {primary_key: true}},
    {name: mail, fides_meta: {identity: email}}]}"""
MAP = tables(VIEWS, files={"collections": {"views": {"glob": "days/*.jsonl", "format": "jsonl"}}})
OTHERS = sweeper.OTHERS


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    _lines(
        tmp_path / "days" / "1.jsonl",
        {"id": 1, "mail": "ann@example.org"},
        {"id": 2, "mail": "joann@example.org"},
    )
    _lines(
        tmp_path / "days" / "2.jsonl",
        {"id": 3, "mail": "bob@example.com", "note": "ann@example.org asked"},
        {"id": 4, "mail": "ann@example.org", "note": "her own"},
    )
    beyond = tmp_path / "beyond"
    beyond.mkdir()
    (beyond / "people.csv").write_text('id,mail,words\n1,bob@example.com,"two\nlines"\n2,ANN@example.org,\n')
    (beyond / "odd.csv").write_text("id;mail\n1;x;y;ann@example.org\n")
    (beyond / "old.tsv").write_bytes("name\tcity\nJürgen\tKöln\nAnn Lee\tKöln\n".encode("cp1252"))
    pq.write_table(
        pa.table(
            {"id": [1, 2], "at": [datetime(2026, 1, 1, tzinfo=UTC)] * 2, "who": ["x", "ann@example.org"]}
        ),
        beyond / "rows.parquet",
    )
    (beyond / "mail.eml").write_bytes(mail())
    (beyond / "letter.pdf").write_bytes(pdf())
    (beyond / "letter.txt").write_text("Dear Ann Lee,\nyour customer no. is 4711.\n")
    (beyond / "server.log").write_text("nothing\n10.0.0.1 login ann@example.org\nnothing\n")
    (beyond / "packed.log.gz").write_bytes(gzip.compress(b"one\nann@example.org\n"))
    (beyond / "config.json").write_text('{\n  "owner": {"mail": "ann\\u0040example.org"}\n}')
    (beyond / "state.bin").write_bytes(
        b"\x00\x01" + base64.b64encode(b'{"email": "ann@example.org"}') + b"\x00"
    )
    (beyond / "album.zip").write_bytes(_zipped({"a/deep.txt": b"for ann@example.org", "b.txt": b"nobody"}))
    (beyond / "for ann@example.org, 2026.bin").write_bytes(b"\x00")
    (beyond / "strangers.txt").write_text("joann@example.org and ann@example.organic")
    return tmp_path


def _lines(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _swept(root: Path, data_map: DataMap | None = MAP, **where: Any) -> list[Listing | Stretch]:
    connector = CONNECTORS.get("object_store").from_settings({"root": f"file://{root}"})
    return list(sweep(connector, Task(ANN, "Bucket", "test", data_map, **where)))


def _found(swept: list[Listing | Stretch]) -> list[Found]:
    return [each for part in swept if isinstance(part, Stretch) for each in part.found]


def _places(found: list[Found]) -> set[tuple[Any, ...]]:
    return {(*each.key.values(), each.columns[0]) for each in found}


def test_every_object_is_read_whatever_it_is_written_in(bucket: Path) -> None:
    found = [each for each in _found(_swept(bucket)) if each.table == OTHERS]
    assert _places(found) == {
        ("beyond/album.zip", "content"),
        ("beyond/for ann@example.org, 2026.bin", "name"),
        ("beyond/config.json", "content"),
        ("beyond/letter.pdf", "content"),
        ("beyond/letter.txt", "content"),
        ("beyond/mail.eml", "content"),
        ("beyond/odd.csv", 2, "field 4"),
        ("beyond/old.tsv", 3, "name"),
        ("beyond/packed.log.gz", 2, "line"),
        ("beyond/people.csv", 4, "mail"),
        ("beyond/rows.parquet", 2, "who"),
        ("beyond/server.log", 2, "line"),
        ("beyond/state.bin", "content"),
    }
    assert {each.coverage for each in found} == {Coverage.NO_TABLE}


def test_what_is_found_says_by_which_way_and_what_it_is(bucket: Path) -> None:
    found = {each.key["object"].partition("/")[2]: each for each in _found(_swept(bucket))}
    assert found["album.zip"].hits[0].way == ("zip a/deep.txt",)
    assert found["config.json"].hits[0].way == ("json $.owner.mail",)
    assert found["people.csv"].kind is Kind.OWN
    assert found["server.log"].kind is Kind.MENTION
    assert found["old.tsv"].kind is Kind.NAMESAKE


def test_what_the_map_leads_to_is_told_from_what_it_does_not(bucket: Path) -> None:
    coverage = {
        (each.key["object"], each.key["line"]): each.coverage
        for each in _found(_swept(bucket))
        if each.table == "views"
    }
    assert coverage == {
        ("days/1.jsonl", 1): Coverage.COVERED,
        ("days/2.jsonl", 1): Coverage.NO_COLUMN,
        ("days/2.jsonl", 2): Coverage.COVERED,
    }


def test_without_a_map_every_object_is_gone_through(bucket: Path) -> None:
    assert _places(_found(_swept(bucket, None))) == _places(_found(_swept(bucket)))


@pytest.mark.parametrize("records", [1, 3])
def test_a_sweep_that_was_cut_off_goes_on_within_an_object(
    bucket: Path, monkeypatch: pytest.MonkeyPatch, records: int
) -> None:
    whole = _places(_found(_swept(bucket)))
    monkeypatch.setattr(sweeper, "RECORDS_A_STRETCH", records)
    monkeypatch.setattr(sweeper, "RECORDS_AT_ONCE", 1)
    parts = [each for each in _swept(bucket) if isinstance(each, Stretch)]
    assert len(parts) > 10
    for cut in range(0, len(parts), 9):
        last = parts[cut]
        rest = [
            each
            for each in _swept(bucket, table=last.table.name, position=last.position)
            if isinstance(each, Stretch)
        ]
        before = _found([*parts[: cut + 1]])
        assert _places(before) | _places(_found([*rest])) == whole
        assert len(before) + len(_found([*rest])) == len(whole), "nothing twice"


def test_what_cannot_be_read_is_named_and_the_rest_is_gone_through(bucket: Path) -> None:
    (bucket / "beyond" / "broken.parquet").write_bytes(b"PAR1 but nothing else")
    (bucket / "beyond" / "bomb.zip").write_bytes(
        _zipped({"zeros.bin": b"\0" * 40_000_000, "z.txt": b"ann@example.org"})
    )
    swept = _swept(bucket)
    said = [line for part in swept if isinstance(part, Stretch) for line in part.unread_objects]
    assert said == [
        "beyond/bomb.zip, content: zip was not read to its end.",
        "beyond/broken.parquet is damaged, or not a Parquet file.",
    ]
    assert "beyond/bomb.zip" in {each.key["object"] for each in _found(swept)}, "what fits is read"
    assert "beyond/state.bin" in {each.key["object"] for each in _found(swept)}
    assert [line for part in swept if isinstance(part, Stretch) for line in part.unread] == []


MAPPED = tables(
    VIEWS,
    VIEWS.replace("views", "orders"),
    VIEWS.replace("views", "sums"),
    files={
        "collections": {
            "views": {"glob": "days/*", "format": "jsonl"},
            "orders": {"glob": "orders/*", "format": "csv"},
            "sums": {"glob": "sums/*", "format": "parquet"},
        }
    },
)
WHOLE = b'{"id": 1, "mail": "ann@example.org"}\n' * 2000


def _put(root: Path, **objects: bytes) -> None:
    for folder in ("days", "orders", "sums"):
        (root / folder).mkdir()
    for name, content in objects.items():
        folder, _, rest = name.partition("_")
        (root / folder / rest.replace("_", ".")).write_bytes(content)


def test_one_broken_file_of_the_map_stops_nothing_and_is_named(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(WHOLE))
    packed[len(packed) // 2] ^= 0xFF
    pressed = bytearray(bz2.compress(WHOLE))
    pressed[len(pressed) // 2] ^= 0xFF
    _put(
        tmp_path,
        days_1_jsonl_gz=b"this is no gzip",
        days_2_jsonl_gz=bytes(packed),
        days_3_jsonl_gz=gzip.compress(WHOLE)[:-20],
        days_4_jsonl_bz2=bytes(pressed),
        days_5_jsonl_xz=b"this is no xz",
        days_6_jsonl=b'{"id": 6, "mail": "ann@example.org"}\n',
        sums_1_parquet=b"PAR1 and nothing else",
        sums_2_parquet=b"id,mail\n1,ann@example.org\n",
        orders_9_csv=b"id,mail\n9,ann@example.org\n",
    )
    swept = _swept(tmp_path, MAPPED)
    said = [line for part in swept if isinstance(part, Stretch) for line in part.unread_objects]
    assert sorted(said) == [
        "A search by the map does not work: days/1.jsonl.gz is damaged, and cannot be unpacked.",
        *(f"days/{name} is damaged." for name in ("1.jsonl.gz", "2.jsonl.gz", "3.jsonl.gz")),
        "days/4.jsonl.bz2 is damaged.",
        "days/5.jsonl.xz is damaged.",
        "sums/1.parquet is damaged, or not a Parquet file.",
        "sums/2.parquet is damaged, or not a Parquet file.",
    ]
    found = {each.key["object"]: each for each in _found(swept)}
    assert {"days/6.jsonl", "orders/9.csv"} <= found.keys()
    assert found["days/6.jsonl"].coverage is Coverage.NOT_REACHED


def test_what_is_written_otherwise_than_its_map_says_is_read_as_what_it_is(tmp_path: Path) -> None:
    _put(
        tmp_path,
        days_1_jsonl=gzip.compress(b"for ann@example.org"),
        orders_1_csv=_zipped({"a.txt": b"for ann@example.org"}),
        orders_2_csv=pdf(),
    )
    found = {each.key["object"] for each in _found(_swept(tmp_path, MAPPED))}
    assert found == {"days/1.jsonl", "orders/1.csv", "orders/2.csv"}


def _tarred(mode: str, files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_archives_are_opened_whatever_they_are_packed_with(tmp_path: Path, mode: str) -> None:
    inside = {"a/deep.txt": gzip.compress(b"for ann@example.org"), "b.txt": b"nobody"}
    (tmp_path / f"backup.tar{mode[1:].replace(':', '.')}").write_bytes(_tarred(mode, inside))
    (tmp_path / "bare").write_bytes(_tarred(mode, {"for ann@example.org, 2026.txt": b""}))
    found = {each.key["object"].partition(".")[0]: each for each in _found(_swept(tmp_path, None))}
    assert found["backup"].hits[0].way[-2:] == ("tar a/deep.txt", "gzip")
    assert found["bare"].hits[0].way[-1] == "tar names"


def test_an_archive_is_opened_within_bounds_and_what_was_not_is_named(tmp_path: Path) -> None:
    zeros = b"\0" * 20_000_000
    (tmp_path / "bomb.tar.gz").write_bytes(
        _tarred("w:gz", {"a.txt": b"for ann@example.org", "zeros.bin": zeros, "z.txt": b"more"})
    )
    (tmp_path / "cut.tar").write_bytes(_tarred("w", {"a.txt": b"for ann@example.org" * 900})[:9000])
    (tmp_path / "old.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 50)
    (tmp_path / "old.rar").write_bytes(b"Rar!\x1a\x07\x01\0" + b"\0" * 50)
    (tmp_path / "rows.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"\0" * 50)
    swept = _swept(tmp_path, None)
    said = [line for part in swept if isinstance(part, Stretch) for line in part.unread_objects]
    assert said == [
        "bomb.tar.gz, content: tar was not read to its end.",
        "cut.tar, content: tar was not read to its end.",
        "old.7z, content: 7z was not read to its end.",
        "old.rar, content: rar was not read to its end.",
        "rows.jsonl.zst, content: zstd was not read to its end.",
    ]
    assert "bomb.tar.gz" in {each.key["object"] for each in _found(swept)}, "what fits is read"


def test_a_long_text_is_read_line_by_line_and_a_long_value_to_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("words\n" * 20_000 + "ann@example.org\n")
    (found,) = _found(_swept(tmp_path, None))
    assert found.key == {"object": "notes.txt", "line": 20_001}


def test_links_are_not_followed(bucket: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    elsewhere.write_text("ann@example.org")
    (bucket / "beyond" / "link.txt").symlink_to(elsewhere)
    assert "beyond/link.txt" not in {each.key["object"] for each in _found(_swept(bucket))}


def test_progress_has_a_table_for_each_collection_and_one_for_the_rest(bucket: Path) -> None:
    swept = _swept(bucket)
    listing = swept[0]
    assert isinstance(listing, Listing)
    assert [table.name for table in listing.tables] == [OTHERS, "views"]
    assert listing.tables[0].rows >= 14
    looked = {part.table.name: part.looked for part in swept if isinstance(part, Stretch)}
    assert looked["views"] == 4
