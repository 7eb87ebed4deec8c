"""Exports that take their time: started once whoever asks, fetched from where they may lie, never cut."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import pytest

from fulfillment.connectors import api_jobs
from fulfillment.connectors.errors import Fatal, NotYet, Retryable
from fulfillment.connectors.memory import OwnMemory
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.asking import found, tables
from tests.fulfillment.connectors.rude_desk import Desk, ticket
from tests.json_server import Answer, Asked, segments

TYPED = """{name: tickets, fields: [{name: id, fides_meta: {primary_key: true, data_type: integer}},
    {name: mail, fides_meta: {identity: email, data_type: string}},
    {name: price, fides_meta: {data_type: float}}, {name: open, fides_meta: {data_type: boolean}},
    {name: tags, fides_meta: {data_type: "string[]"}}, {name: text, fides_meta: {data_type: string}}]}"""
PLAIN = """{name: tickets, fields: [{name: id, fides_meta: {primary_key: true}}, {name: mail, fides_meta:
    {identity: email}}, {name: text}]}"""


def mapped(collection: str = PLAIN, records: Any = "items", job: Any = None, **result: Any) -> DataMap:
    """A map whose tickets are exported."""
    described = {
        "id": "id",
        "status": "/exports/{job.id}",
        "state": "state",
        "done": ["done"],
        "failed": ["failed"],
        "result": {"path": "/exports/{job.id}/file", **result},
        **(job or {}),
    }
    endpoint = {"method": "POST", "path": "/exports", "body": {"who": "{identity.email}"}, "job": described}
    if records:
        endpoint["records"] = records
    return tables(collection, api={"auth": {"kind": "bearer"}, "collections": {"tickets": endpoint}})


@dataclass
class Exporter:
    """Exports after so many questions; notes what it was asked."""

    file: bytes = json.dumps({"items": [ticket(1)]}).encode()
    waits: int = 2
    state: str = "done"
    url: str = ""
    started: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        parts = segments(asked.path)
        if asked.method == "POST":
            self.started.append(asked.json["who"])
            return Answer({"id": f"j/{len(self.started)}"}, status=202)
        assert parts[1] == f"j/{len(self.started)}"
        if parts[2:] == ["file"]:
            return Answer(self.file)
        self.waits -= 1
        return Answer({"state": "working" if self.waits >= 0 else self.state, "url": self.url})


@pytest.fixture
def exporter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Exporter:
    """The exporter, behind the desk's address and clock."""
    made = Exporter()
    desk.answers = [made]
    monkeypatch.setattr(api_jobs, "time", desk.clock)
    monkeypatch.setattr(desk.clock, "time", desk.clock.monotonic, raising=False)
    return made


def test_waits_longer_each_time_and_then_fetches(desk: Desk, exporter: Exporter) -> None:
    exporter.waits = 4
    assert [row["id"] for row in found(desk.connector(), mapped(), "ann@x.org")["tickets"]] == [1]
    assert exporter.started == ["ann@x.org"]
    assert 2 * (1 + 1.6 + 1.6**2 + 1.6**3) - 1 < sum(desk.clock.waited) < 25


def test_a_worker_that_comes_next_asks_after_the_same_job(desk: Desk, exporter: Exporter) -> None:
    kept = OwnMemory()
    exporter.waits = 40
    for _ in range(3):
        connector = desk.connector()
        connector.memory = kept
        with pytest.raises(NotYet, match="still exporting tickets") as put_off:
            found(connector, mapped(), "ann@x.org")
        assert put_off.value.retry_after is not None
        assert 10 <= put_off.value.retry_after <= 300
    exporter.waits = 0
    connector = desk.connector()
    connector.memory = kept
    assert found(connector, mapped(), "ann@x.org")
    assert len(exporter.started) == 1


def test_the_next_search_starts_an_export_of_its_own(desk: Desk, exporter: Exporter) -> None:
    connector = desk.connector()
    for _ in range(2):
        exporter.waits = 0
        found(connector, mapped(), "ann@x.org")
    assert len(exporter.started) == 2


def test_a_failed_export_is_said_and_not_asked_after_again(desk: Desk, exporter: Exporter) -> None:
    exporter.state = "failed"
    connector = desk.connector()
    for _ in range(2):
        with pytest.raises(Fatal, match="could not export tickets"):
            found(connector, mapped(), "ann@x.org")
    assert len(exporter.started) == 2


def test_an_export_that_never_ends_meets_its_deadline(desk: Desk, exporter: Exporter) -> None:
    exporter.waits = 10_000
    with pytest.raises(Fatal, match="not exported tickets in 30 seconds"):
        found(desk.connector(), mapped(job={"deadline_seconds": 30}), "ann@x.org")


def test_a_job_that_is_forgotten_is_started_anew_next_time(desk: Desk, exporter: Exporter) -> None:
    connector = desk.connector()
    desk.answers = [lambda asked: exporter(asked) if asked.method == "POST" else Answer(status=404)]
    with pytest.raises(Retryable, match="no longer knows the export"):
        found(connector, mapped(), "ann@x.org")
    desk.answers = [exporter]
    assert found(connector, mapped(), "ann@x.org")
    assert len(exporter.started) == 2


@pytest.mark.parametrize("answer", [Answer({"number": 1}), Answer({"id": None}), Answer({"id": True})])
def test_a_start_without_a_number_is_refused(desk: Desk, exporter: Exporter, answer: Answer) -> None:
    desk.answers = [answer]
    with pytest.raises(Fatal, match="no export of tickets that can be asked after"):
        found(desk.connector(), mapped(), "ann@x.org")


CSV = (
    "id,mail,price,open,tags,text\r\n"
    '1,ann@x.org,1234567890.123456789,true,"[""a""]","two\r\nlines, ünd"\r\n'
    "2,ann@x.org,,FALSE,,\r\n"
)
ROWS = [
    {"id": 1, "mail": "ann@x.org", "price": "1234567890.123456789", "open": True, "tags": ["a"]}
    | {"text": "two\r\nlines, ünd"},
    {"id": 2, "mail": "ann@x.org", "price": None, "open": False, "tags": None, "text": ""},
]


def zipped(*parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        for number, part in enumerate(parts):
            archive.writestr(f"/../{number}", part)
    return held.getvalue()


@pytest.mark.parametrize(
    ("packed", "content"),
    [
        ("none", b"\xef\xbb\xbf" + CSV.encode()),
        ("gzip", gzip.compress(CSV.encode(), mtime=0)),
        ("zip", zipped(CSV.encode())),
    ],
    ids=["plain", "gzip", "zip"],
)
def test_reads_csv_as_the_maps_types(desk: Desk, exporter: Exporter, packed: str, content: bytes) -> None:
    exporter.file = content
    rows = found(desk.connector(), mapped(TYPED, None, format="csv", packed=packed), "ann@x.org")
    assert rows["tickets"] == ROWS


def test_reads_json_lines_of_several_files(desk: Desk, exporter: Exporter) -> None:
    lines = [json.dumps(ticket(number)).encode() for number in (1, 2, 3)]
    exporter.file = zipped(b"\n".join(lines[:2]) + b"\n\n", lines[2])
    rows = found(desk.connector(), mapped(records=None, format="jsonl", packed="zip"), "ann@x.org")
    assert [each["id"] for each in rows["tickets"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("result", "content", "words"),
    [
        ({"packed": "zip"}, b"no zip", "cannot be unpacked"),
        ({"packed": "gzip"}, gzip.compress(b"x" * 99, mtime=0)[:-9], "cannot be unpacked"),
        ({"packed": "gzip"}, gzip.compress(b"0" * 10_000_000, mtime=0), "more bytes than its settings allow"),
        (
            {"packed": "zip", "format": "jsonl"},
            zipped(*[b"\n" * 400_000] * 9),
            "more bytes than its settings allow",
        ),
        ({"packed": "zip"}, zipped(*[b"{}"] * 1001), "more than 1000 files"),
        ({"format": "csv"}, b"id,mail,text\n1,ann@x.org\n", "cannot be read"),
        ({"format": "csv"}, b"id,mail,text\n1,ann@x.org,a,b\n", "cannot be read"),
        ({"format": "csv"}, b'id,mail,text\n1,"ann@x.org\n', "cannot be read"),
        ({"format": "csv"}, b'{"ok": false}', "cannot be read"),
        ({"format": "csv"}, b"", "cannot be read"),
        ({"format": "jsonl"}, b'{"id": 1}\n{', "cannot be read"),
        ({}, b'{"tickets": []}', "without the list of tickets"),
        ({}, json.dumps({"items": [ticket(1, mail="joann@x.org")]}).encode(), "somebody else"),
    ],
    ids=[
        "no zip",
        "cut gzip",
        "gzip bomb",
        "zip bomb",
        "many files",
        "short row",
        "long row",
        "open quote",
        "no csv",
        "nothing",
        "cut json",
        "no list",
        "stranger",
    ],
)
def test_a_file_that_must_not_be_used_is_a_sentence(
    desk: Desk, exporter: Exporter, result: dict[str, Any], content: bytes, words: str
) -> None:
    exporter.file = content
    records = "items" if result.get("format", "json") == "json" else None
    failure = desk.fails(mapped(records=records, **result), answer_bytes=3_000_000)
    assert isinstance(failure, Fatal)
    assert words in str(failure)


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.test/file",
        "https://elsewhere.test/file",
        "https://files.example.com.evil.test/file",
        "http://files.example.com/file",
        "file:///etc/passwd",
        "http://[",
        "//169.254.169.254/latest",
    ],
)
def test_a_file_is_only_fetched_from_hosts_that_the_map_names(
    desk: Desk, exporter: Exporter, url: str
) -> None:
    exporter.url, exporter.waits = url, 0
    failure = desk.fails(mapped(path=None, url="url", hosts=["*.example.com"]))
    assert "sends us elsewhere for the export" in str(failure)
    assert all(each.path.startswith("/exports") for each in exporter.asked)


def test_a_named_host_in_a_private_network_is_refused_too(desk: Desk, exporter: Exporter) -> None:
    exporter.url, exporter.waits = "https://127.0.0.2/file", 0
    failure = desk.fails(mapped(path=None, url="url", hosts=["127.*"]))
    assert "private network" in str(failure)


def test_the_apis_own_file_is_asked_for_with_its_token(desk: Desk, exporter: Exporter) -> None:
    exporter.url, exporter.waits = f"{desk.server.url}/exports/j%2F1/file", 0
    assert found(desk.connector(), mapped(path=None, url="url"), "ann@x.org")
    assert exporter.asked[-1].headers["authorization"] == "Bearer t0ken"
