"""Five sources on servers of their own, of which two fail when it comes to erasing: one never answers, one refuses."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.connectors.contract.register import register_map
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from tests.contracts.test_changing import REGISTER_API, RegisterService
from tests.databases import source_database
from tests.factories import NOON, SYSTEM
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop, shop_yaml
from tests.json_server import Answer, Asked, JsonServer

ERASED_SHOP = {"places": 1, "people": 1, "invoices": 1, "visits": 2}
ERASED_REGISTER = {"notes": 2, "members": 1}
OF_REGISTER = ["DELETE /notes/2", "DELETE /notes/1", "DELETE /members/1"]
SILENT, REFUSING = "register_1", "register_2"
WORKING = ("shop_0", "register_0", "shop_1")


@dataclass
class Register:
    """A register behind a web API; `changes` are the calls that changed it, in their order.

    While it is `silent` nothing is answered; while it `refuses`, whoever wants to change is told 403.
    """

    service: RegisterService = field(default_factory=RegisterService)
    refuses: bool = False
    changes: list[str] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.heard.set()

    def __call__(self, asked: Asked) -> Answer:
        if not self.heard.is_set():
            self.heard.wait(60)
            return Answer(status=500)
        if asked.method == "GET":
            return self.service(asked)
        if self.refuses:
            return Answer(status=403)
        self.changes.append(f"{asked.method} {asked.path}")
        return self.service(asked)

    @property
    def has_ann(self) -> bool:
        """Whether Ann is still a member."""
        return any(row["id"] == 1 for row in self.service.held["members"])


@dataclass
class Several:
    """The sources, by their keys."""

    shops: dict[str, Shop] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    sources: dict[str, DataSource] = field(default_factory=dict)

    def erased(self) -> set[str]:
        """Where Ann is gone, as the sources themselves say."""
        shops = {
            key
            for key, shop in self.shops.items()
            if shop.rows("select id from visits order by id") == [(3,)]
        }
        return shops | {key for key, register in self.registers.items() if not register.has_ann}

    def break_two(self) -> None:
        """One does not answer any more, one lets nobody change anything."""
        self.registers[SILENT].heard.clear()
        self.registers[REFUSING].refuses = True

    def mend_two(self) -> None:
        """Both are as before."""
        self.registers[SILENT].heard.set()
        self.registers[REFUSING].refuses = False


@contextmanager
def several_sources(settings: Any, *, registers: int = 3) -> Iterator[Several]:
    """Two databases and some web APIs, connected."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    several = Several()
    with ExitStack() as stack:
        for number in range(2):
            shop = Shop(stack.enter_context(source_database(TABLES.format(json="jsonb"))))
            several.shops[f"shop_{number}"] = shop
            _connect(several, f"shop_{number}", "postgresql", {"url": shop.url}, shop_yaml())
        for number in range(registers):
            register = several.registers[f"register_{number}"] = Register()
            server = stack.enter_context(JsonServer(register))
            stack.callback(register.heard.set)
            # Nobody waits long for the one that never answers.
            api = {**REGISTER_API, "timeout_seconds": 0.3} if f"register_{number}" == SILENT else REGISTER_API
            written = yaml.safe_dump(register_map(api=api), sort_keys=False)
            _connect(several, f"register_{number}", "rest_api", {"base_url": server.url}, written)
        yield several


def row_of(key: str) -> SourceChange:
    """The work on the change of a source, the newest."""
    rows = SourceChange.objects.select_related("change__subject_request", "change__source", "map_version")
    return rows.filter(change__source__key=key).order_by("change__attempt").last()  # type: ignore[return-value]


def erased_lines(key: str) -> dict[str, int]:
    """How much the source's receipt says was erased, by collection."""
    receipt = row_of(key).receipt
    return {line.collection: line.rows for line in receipt.lines} if receipt else {}


def wanted_lines(key: str) -> dict[str, int]:
    """How much should be erased there."""
    return ERASED_SHOP if key.startswith("shop") else ERASED_REGISTER


def _connect(several: Several, key: str, kind: str, settings: dict[str, Any], written: str) -> None:
    several.sources[key] = connect_source(
        key=key,
        kind=kind,
        label=key.replace("_", " ").title(),
        settings=settings,
        map_yaml=written,
        by=SYSTEM,
        at=NOON,
    )
