"""Every preset, proved against a server as strict as the vendor's own description of its API."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fulfillment.connectors import http, memory
from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Correction, Operation, Verdict
from fulfillment.connectors.contract.suite import rows_of
from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.memory import OwnMemory
from fulfillment.connectors.presets import preset, preset_names
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.errors import Severity
from fulfillment.datamaps.read import load_map, read_map
from tests.fulfillment.connectors.rude_desk import Clock
from tests.json_server import JsonServer
from tests.vendors.described import Vendor
from tests.vendors.vendors import VENDORS


@dataclass
class Bench:
    """A vendor's server and the preset for it."""

    vendor: Vendor
    url: str
    clock: Clock
    kept: OwnMemory = field(default_factory=OwnMemory)
    noted: list[ChangeReceipt] = field(default_factory=list)

    @property
    def data_map(self) -> DataMap:
        """The preset's map."""
        return load_map(preset(self.vendor.name).text)

    def connector(self, **settings: Any) -> Connector[Any]:
        """A connector as the next attempt opens it."""
        base = self.url + self.vendor.spec.get("base", "")
        values = {"base_url": base, **self.vendor.settings, **settings}
        made = CONNECTORS.get("rest_api").from_settings(values)
        made.memory = self.kept
        return made

    def query(self) -> SubjectQuery:
        """Ann."""
        return SubjectQuery((Identity(*self.vendor.identity),), "DSR-TEST")

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """What a search finds."""
        return rows_of(list(self.connector().search(self.query(), self.data_map)))

    def change(self, operation: Operation, *names: str, **more: Any) -> ChangeReceipt:
        """Carry out an order of a key of its own."""
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        order = ChangeOrder(f"{operation}{more}", operation, self.query(), names, moment, b"secret", **more)
        receipt = self.connector().change(order, self.data_map, note=self.noted.append)
        assert self.connector().settle(order, self.data_map, receipt) is Verdict.DONE
        return receipt

    def able(self, operation: str) -> list[str]:
        """The collections in which the preset has a call for an operation."""
        api = self.data_map.api
        assert api is not None
        return [name for name, each in api.collections.items() if getattr(each.changes, operation)]


@pytest.fixture(params=VENDORS, ids=lambda vendor: str(vendor.name))
def bench(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Each vendor in turn; whatever a test did, it kept to what the vendor describes."""
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(memory, "time", clock)
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    vendor = request.param()
    vendor.now = clock.monotonic
    with JsonServer(vendor) as server:
        vendor.url = server.url
        yield Bench(vendor, server.url, clock)
    assert vendor.broken == []


def test_every_preset_has_a_server_to_prove_it() -> None:
    assert preset_names() == tuple(sorted(each.name for each in VENDORS))


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_a_sound_map_and_says_where_it_comes_from(name: str) -> None:
    text, origin = preset(name).text, preset(name).origin
    problems = [each.at(name) for each in read_map(text).problems if each.severity is Severity.ERROR]
    assert problems == []
    assert date(2026, 1, 1) < origin.read_on <= date(2026, 12, 31)
    for word in origin.described.split()[0].split("@"):
        assert word.rstrip(",") in text.partition("dataset:")[0]
    assert str(origin.read_on) in text.partition("dataset:")[0]
    assert re.match(r"https://[A-Za-z.0-9/]+$", origin.base_url)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: str(vendor.name))
def test_a_preset_reads_only_fields_that_the_vendor_describes(vendor: type[Vendor]) -> None:
    described = vendor()
    data_map = load_map(preset(vendor.name).text)
    unknown = [
        f"{collection.name}.{each.name}"
        for collection in data_map.collections
        for each in collection.every_field()
        if not described.describes(collection.name, each.name)
    ]
    assert unknown == []


def test_a_check_finds_the_api_as_the_map_says(bench: Bench) -> None:
    assert "answers at the" in bench.connector().check(bench.data_map).sentence


def test_finds_the_person_page_by_page_and_nobody_else(bench: Bench) -> None:
    rows = bench.rows()
    assert {name: len(found) for name, found in rows.items() if found} == bench.vendor.counts
    assert "joann" not in repr(rows).lower()


def test_waits_when_the_vendor_says_so(bench: Bench) -> None:
    bench.vendor.limit_next = True
    assert {name: len(found) for name, found in bench.rows().items() if found} == bench.vendor.counts
    told = bench.vendor.limited_at
    assert min(each for each in bench.vendor.called_at if each > told) >= told + 1


def test_wrong_credentials_are_a_sentence(bench: Bench) -> None:
    name = "token" if "token" in bench.vendor.settings else "password"
    with pytest.raises(NotConfigured, match="refuses the credentials"):
        list(bench.connector(**{name: "wr0ng"}).search(bench.query(), bench.data_map))


def test_erases_the_person_for_good_and_only_them(bench: Bench) -> None:
    names = [each.name for each in bench.data_map.collections if each.changes.erase == "delete"]
    receipt = bench.change(Operation.ERASE, *names)
    assert {line.collection: line.rows for line in receipt.lines} == {
        name: bench.vendor.counts[name] for name in names if name in bench.vendor.counts
    }
    assert bench.vendor.gone()
    calls = len(bench.vendor.calls)
    bench.change(Operation.ERASE, *names)
    assert bench.vendor.calls[calls:] == []


def test_corrects_what_it_says_it_can(bench: Bench) -> None:
    for name in bench.able("correct"):
        api = bench.data_map.api
        verb = api.collections[name].changes.correct if api else None
        assert verb is not None
        wrong = str(value_at(bench.rows()[name][0], verb.fields[0]))
        bench.change(Operation.CORRECT, name, corrections=(Correction(name, verb.fields[0], wrong, "Anna"),))
        assert value_at(bench.rows()[name][0], verb.fields[0]) == "Anna"


def test_restricts_and_lifts_what_it_says_it_can(bench: Bench) -> None:
    before = bench.rows()
    for operation in (Operation.RESTRICT, Operation.LIFT):
        for name in bench.able(operation):
            receipt = bench.change(operation, name)
            assert receipt.rows == bench.vendor.counts[name]
            assert (bench.rows()[name] == before[name]) is (operation is Operation.LIFT)


def test_stops_marketing_where_it_says_it_can(bench: Bench) -> None:
    before = bench.rows()
    for name in bench.able("suppress"):
        bench.change(Operation.SUPPRESS, name, purposes=("marketing",))
        assert bench.rows()[name] != before[name]
