"""The connector of a connected source: whoever opens it shares its memory with everybody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from fulfillment.connectors import http
from fulfillment.connectors.errors import Retryable
from fulfillment.sources.connect import connect_source
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from tests.factories import NOON, SYSTEM
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.connectors.rude_desk import Clock, ticket
from tests.json_server import Answer, Asked, JsonServer

pytestmark = pytest.mark.django_db
SECRET = "s3cr3t@:/%"

MAP = """
dataset:
  - fides_key: desk
    meta:
      omne:
        api:
          auth: {kind: oauth2, token_url: /token}
          rate: {per_minute: 3}
          collections:
            tickets: {path: /tickets, query: {mail: "{identity.email}"}, records: items}
    collections:
      - name: tickets
        fields: [{name: id}, {name: mail, fides_meta: {identity: email}}, {name: text}]
"""


class Desk:
    """A desk behind a token, which may ask to wait."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.busy = False

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked.path)
        if asked.path == "/token":
            return Answer({"access_token": "t0ken", "expires_in": 3600})
        if self.busy:
            return Answer(status=429, headers={"Retry-After": "900"})
        return Answer({"items": [ticket(1)]})


@pytest.fixture
def desk(settings: Any) -> Iterator[Desk]:
    made = Desk()
    with JsonServer(made) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
        values = {"base_url": server.url, "client_id": "us", "client_secret": SECRET}
        about = {"key": "desk", "kind": "rest_api", "label": "Desk", "map_yaml": MAP}
        connect_source(**about, settings=values, by=SYSTEM, at=NOON)  # type: ignore[arg-type]
        yield made


def search() -> dict[str, list[dict[str, Any]]]:
    """A search as a worker makes it: with a connector of its own."""
    source = DataSource.objects.get()
    return found(open_connector(source), source.map_in_force.data_map, "ann@x.org")


def test_a_token_is_fetched_once_for_all_and_kept_sealed(desk: Desk) -> None:
    assert search() == search()
    assert desk.asked == ["/token", "/tickets", "/tickets"]
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(encode(kept_sealed, 'escape'), '') from fulfillment_sourceslot")
        kept = cursor.fetchone()[0]
    assert kept
    assert "t0ken" not in kept
    assert SECRET not in kept


def test_what_one_worker_is_told_holds_for_the_next(desk: Desk) -> None:
    desk.busy = True
    for _ in range(2):
        with pytest.raises(Retryable) as told:
            search()
        assert told.value.retry_after is not None
        assert 890 < told.value.retry_after <= 900
    assert desk.asked == ["/token", "/tickets"]


def test_one_budget_counts_the_calls_of_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    search()
    search()
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)

    class Overdue(Exception):
        """Real time does not pass in this test; the first wait is enough."""

    def stop(_seconds: float) -> None:
        raise Overdue

    monkeypatch.setattr(clock, "sleep", stop)
    with pytest.raises(Overdue):
        search()
    assert desk.asked == ["/token", "/tickets", "/tickets"]
