"""The contract by signed orders: the receiver of the docs as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings as product
from pytest_django import Settings

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Operation, Verdict
from fulfillment.connectors.contract.club import ANN, club_map, club_rows
from fulfillment.connectors.contract.suite import ConnectorContract, Harness, ask
from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.query import Identity, SubjectQuery
from omne_dsar.embedded import ports
from tests.factories import NOON
from tests.waiting import wait_until

KEY = "whsec_" + "QUFB" * 8


@contextmanager
def receiver(folder: Path, *, later: bool = False) -> Iterator[str]:
    """The example of the docs, running; gives its address."""
    text = (Path(product.BASE_DIR) / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (folder / "receiver.py").write_text(text.split("```python\n")[1].split("```")[0], encoding="utf-8")
    (folder / "rows.json").write_text(json.dumps(club_rows()), encoding="utf-8")
    port = ports.free_port()
    said = [str(port), KEY, str(folder / "rows.json"), *(["later"] if later else [])]
    process = subprocess.Popen([sys.executable, str(folder / "receiver.py"), *said])
    try:
        wait_until(lambda: _answers(port), seconds=30)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}").status_code == httpx.codes.NOT_IMPLEMENTED
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One receiver for all that only search."""
    with receiver(tmp_path_factory.mktemp("receiver")) as url:
        yield url


def harness_at(url: str, settings: Settings, **more: object) -> Harness:
    """The club behind that address."""
    settings.OUTBOUND_ALLOWED_HOSTS = [url.removeprefix("http://")]
    document = club_map()
    collections = document["dataset"][0]["meta"]["omne"]["collections"]
    for name in ("members", "orders"):
        collections.setdefault(name, {"label": name})["erase"] = "delete"
    values = {"url": url, "secret": KEY, **more}
    return Harness(CONNECTORS.get("webhook").from_settings(values), document)


class TestWebhook(ConnectorContract):
    """What is promised of every connector."""

    @pytest.fixture
    def harness(self, address: str, settings: Settings) -> Harness:
        return harness_at(address, settings)


def test_a_change_is_looked_at_made_once_and_known_by_its_name(tmp_path: Path, settings: Settings) -> None:
    with receiver(tmp_path) as url:
        harness = harness_at(url, settings)
        query = SubjectQuery((Identity("email", ANN),), "DSR-TEST")
        order = ChangeOrder("c1", Operation.ERASE, query, ("members", "orders"), NOON, b"secret")
        look = harness.connector.preflight(order, harness.data_map)
        assert {each.collection: each.rows for each in look.planned}["members"] == 2
        noted: list[ChangeReceipt] = []
        receipt = harness.connector.change(order, harness.data_map, note=noted.append)
        assert receipt.rows == noted[0].rows == look.rows
        assert receipt.token
        assert harness.connector.settle(order, harness.data_map, noted[0]) is Verdict.DONE
        assert harness.connector.change(order, harness.data_map, note=noted.append) == receipt
        assert len(noted) == 1
        assert all(getattr(each, "count", 0) == 0 for each in ask(harness, ("email", ANN)))


def test_what_the_map_does_not_declare_is_for_a_person(address: str, settings: Settings) -> None:
    harness = harness_at(address, settings)
    query = SubjectQuery((Identity("email", ANN),), "DSR-TEST")
    order = ChangeOrder("c2", Operation.RESTRICT, query, ("members",), NOON, b"secret")
    assert set(harness.connector.preflight(order, harness.data_map).by_hand) == {"members"}


def test_another_secret_is_refused_and_the_former_one_is_good_while_it_is_replaced(
    address: str, settings: Settings
) -> None:
    newer = "whsec_" + "QkJC" * 8
    with pytest.raises(NotConfigured, match="401"):
        harness_at(address, settings, secret=newer).connector.check()
    both = harness_at(address, settings, secret=newer, former_secret=KEY)
    assert both.connector.check().sentence.endswith(".")
    over = harness_at(address, settings, secret=newer, former_secret=KEY, former_until=NOON.isoformat())
    assert over.connector.settings.secrets_in_force(NOON) == (newer,)
