"""A web shop that stops in the middle of an answer until the test lets it go on: a slow source without waiting."""

import threading
from typing import Any

import yaml

from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from tests.factories import NOON, SYSTEM
from tests.json_server import Answer, Asked, JsonServer, segments
from tests.sources import SHOP_MAP

API = {
    "auth": {"kind": "none"},
    # Nobody gives up while the test holds the gate.
    "timeout_seconds": 90,
    "collections": {
        "customers": {"path": "/customers", "query": {"email": "{identity.email}"}, "records": "items"},
        "orders": {"path": "/customers/{customers.id}/orders", "records": "items"},
    },
}


class GatedShop(JsonServer):
    """Knows everybody as one customer with some orders; the question for the orders waits at the gate.

    `reached` is set when somebody stands before the gate, `gate` lets them through. `status` is how every
    question is answered.
    """

    def __init__(self, *, orders: int = 3, name: str = "Ada Åström") -> None:
        super().__init__(self._answer)
        self.orders, self.name, self.status = orders, name, 200
        self.reached, self.gate = threading.Event(), threading.Event()

    def __exit__(self, *ending: Any) -> None:
        self.gate.set()
        super().__exit__(*ending)

    @property
    def searches(self) -> int:
        """How often somebody began to look."""
        return sum(each.path == "/customers" for each in self.asked)

    def connected(self, key: str = "slow_shop") -> DataSource:
        """Connect it as a source."""
        return connect_api(self.url, key=key)

    def stand(self) -> None:
        """Whoever asks for the orders stands here."""
        self.reached.set()
        self.gate.wait(60)

    def _answer(self, asked: Asked) -> Answer:
        if self.status != 200:
            return Answer({"error": "not now"}, status=self.status)
        if segments(asked.path)[-1] == "customers":
            return Answer({"items": [{"id": 1, "email": asked.query["email"], "name": self.name}]})
        self.stand()
        rows = [{"id": each, "customer_id": 1, "note": f"order {each}"} for each in range(self.orders)]
        return Answer({"items": rows})


class Turnstile(GatedShop):
    """A gate that counts who stands before it, and lets as many through as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self._moves = threading.Condition()
        self._standing = self._may_pass = 0

    def __exit__(self, *ending: Any) -> None:
        self.open()
        super().__exit__(*ending)

    @property
    def standing(self) -> int:
        """How many stand there and were not let in yet."""
        with self._moves:
            return self._standing

    def let_in(self, number: int) -> None:
        """Let so many of those through who stand there."""
        with self._moves:
            self._standing -= number
            self._may_pass += number
            self._moves.notify_all()

    def open(self) -> None:
        """Let everybody through from now on."""
        with self._moves:
            self.gate.set()
            self._moves.notify_all()

    def stand(self) -> None:
        """Wait for one's turn."""
        with self._moves:
            self._standing += 1
            self._moves.wait_for(lambda: self.gate.is_set() or self._may_pass, 60)
            self._may_pass -= not self.gate.is_set()


def connect_api(url: str, *, key: str = "slow_shop", **more: Any) -> DataSource:
    """Connect whatever answers at an address as such a shop; `more` stands in its map beside the collections."""
    document = yaml.safe_load(SHOP_MAP.format(key=key))
    document["dataset"][0]["meta"]["omne"]["api"] = {**API, **more}
    return connect_source(
        key=key,
        kind="rest_api",
        label="Slow shop",
        settings={"base_url": url},
        map_yaml=yaml.safe_dump(document, allow_unicode=True),
        by=SYSTEM,
        at=NOON,
    )
