"""A system that is told by signed calls and answers at once or calls back: for what nobody may log in to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
from pydantic import AwareDatetime, Field, SecretStr, field_validator

from fulfillment.connectors.base import (
    CheckReport,
    Connector,
    ConnectorSettings,
    Heartbeat,
    Yielded,
    no_heartbeat,
    refuse_unknown_person,
)
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Note, Operation, Preflight, Verdict
from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured
from fulfillment.connectors.exchange import Failed
from fulfillment.connectors.http import ApiClient, Limits
from fulfillment.connectors.outbound import refuse_unfit_url
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.webhook_changes import Changing
from fulfillment.connectors.webhook_findings import Lines, read_findings
from fulfillment.connectors.webhook_orders import ACCEPTED, DONE, FAILED, Desk, Patience, Signing, later
from fulfillment.connectors.webhook_signing import secret_bytes
from fulfillment.datamaps.datamap import DataMap

# Long enough for the other side to put a new secret in place.
OVERLAP = timedelta(days=7)


class WebhookSettings(ConnectorSettings):
    """Where orders go, and the secret that signs them and the callbacks.

    While a secret is replaced the former one signs as well, and its callbacks are taken, until `former_until`.
    """

    url: str
    secret: SecretStr
    former_secret: SecretStr | None = None
    former_until: AwareDatetime | None = None
    answer_seconds: float = Field(default=20, gt=0, le=120)
    answer_bytes: int = Field(default=20_000_000, ge=1000)
    callback_bytes: int = Field(default=2_000_000_000, ge=1000)
    deadline_hours: float = Field(default=72, gt=0, le=24 * 60)
    ask_after_seconds: float = Field(default=900, ge=1)

    @field_validator("url")
    @classmethod
    def _can_be_called(cls, url: str) -> str:
        try:
            refuse_unfit_url(httpx.URL(url))
        except httpx.InvalidURL:
            raise ValueError("it is not an address such as https://crm.example.com/privacy") from None
        except NotConfigured as refused:
            raise ValueError(str(refused)) from None
        return url

    @field_validator("secret", "former_secret")
    @classmethod
    def _can_sign(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None:
            secret_bytes(secret.get_secret_value())
        return secret

    @classmethod
    def with_secret(
        cls, values: Mapping[str, Any], name: str, secret: str, *, at: datetime
    ) -> dict[str, Any]:
        """A new signing secret leaves the one before it in force for a while, so that no call is lost."""
        changed = {**values, name: secret}
        if name == "secret" and secret != values.get("secret"):
            changed |= {"former_secret": values.get("secret"), "former_until": (at + OVERLAP).isoformat()}
        return changed

    def secrets_in_force(self, at: datetime) -> tuple[str, ...]:
        """The secrets that hold at a moment, the newest first."""
        former = self.former_secret is not None and (self.former_until is None or at < self.former_until)
        kept = (self.secret, self.former_secret) if former else (self.secret,)
        return tuple(each.get_secret_value() for each in kept if each is not None)


class WebhookConnector(Connector[WebhookSettings]):
    """A system that answers signed orders."""

    kind = "webhook"
    label = "Signed webhook"
    settings_model = WebhookSettings
    changes = frozenset(Operation)

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Ask whether somebody is there who takes our signature; nobody is named."""
        name = data_map.label if data_map else self.label
        with self._desk(name, no_heartbeat) as desk:
            order = uuid4().hex
            try:
                desk.send(order, "ping", {})
            except Failed as failure:
                raise later(failure) from None
            finally:
                desk.forget(order)
        return CheckReport(f"{name} answers, and takes our signature.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """Everything the system answers of a person, at once or by callback. Raises NotYet until it did."""
        refuse_unknown_person(query, data_map)
        with self._desk(data_map.label, heartbeat) as desk:
            name = f"search:{_fingerprint(query)}"
            with self.memory.slot(name) as held:
                order = held.setdefault("order", uuid4().hex)
            try:
                yield from read_findings(
                    self._answer(desk, order, query, data_map), query, data_map, heartbeat
                )
            except Fatal:
                self._forget(desk, name, order)
                raise
            self._forget(desk, name, order)

    def preflight(
        self, order: ChangeOrder, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Preflight:
        """What the system says it would change. Raises NotYet until it did."""
        with self._changing(order, data_map, heartbeat) as changing:
            return changing.preflight()

    def change(
        self, order: ChangeOrder, data_map: DataMap, *, note: Note, heartbeat: Heartbeat = no_heartbeat
    ) -> ChangeReceipt:
        """Order the change. Raises NotYet where the system will call back: then it is settled."""
        with self._changing(order, data_map, heartbeat) as changing:
            return changing.carry_out(note)

    def settle(
        self,
        order: ChangeOrder,
        data_map: DataMap,
        noted: ChangeReceipt,
        *,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Verdict:
        """What the callback said, or what the system says when it is asked by the order's name."""
        with self._changing(order, data_map, heartbeat) as changing:
            return changing.settle()

    def receipt_of(self, order: ChangeOrder, data_map: DataMap, noted: ChangeReceipt) -> ChangeReceipt:
        """The receipt of the callback."""
        with self._changing(order, data_map, no_heartbeat) as changing:
            return changing.receipt(noted)

    def _answer(self, desk: Desk, order: str, query: SubjectQuery, data_map: DataMap) -> Lines:
        """The answer to a search, to be read as often as needed. Raises NotYet until there is one."""
        kept = desk.kept(order)
        if kept.get("state") == DONE:
            return lambda: self.memory.answer_lines(order)
        if kept.get("state") == FAILED:
            raise Fatal(f"{data_map.label} says that it cannot search for this person.")
        if kept.get("state") == ACCEPTED and not desk.is_silent(order):
            raise desk.wait(order)
        if kept.get("state") == ACCEPTED and not self._must_repeat(desk, order):
            raise desk.wait(order)
        body = {
            "identities": [{"kind": each.kind, "value": each.value} for each in query.identities],
            "collections": {
                each.name: [field.name for field in each.returned_fields] for each in data_map.collections
            },
            "reference": query.reference,
        }
        try:
            reply = desk.send(order, "search", body)
        except Failed as failure:
            raise later(failure) from None
        if reply is None:
            raise desk.wait(order)
        return lambda: iter(reply.content.splitlines())

    def _must_repeat(self, desk: Desk, order: str) -> bool:
        """Whether a system that was silent says that it knows nothing of our order."""
        try:
            return bool(desk.status(order)["state"] == "not_known")
        except Failed as failure:
            raise later(failure) from None
        except ConnectorError:
            return False

    def _forget(self, desk: Desk, name: str, order: str) -> None:
        """The next search asks anew."""
        desk.forget(order)
        with self.memory.slot(name) as held:
            held.clear()

    @contextmanager
    def _changing(self, order: ChangeOrder, data_map: DataMap, heartbeat: Heartbeat) -> Iterator[Changing]:
        refuse_unknown_person(order.query, data_map)
        with self._desk(data_map.label, heartbeat) as desk:
            yield Changing(order, data_map, desk)

    @contextmanager
    def _desk(self, name: str, heartbeat: Heartbeat) -> Iterator[Desk]:
        said = self.settings
        limits = Limits(answer_seconds=said.answer_seconds, answer_bytes=said.answer_bytes)
        signing = Signing(said.secrets_in_force)
        client = ApiClient(name, httpx.URL(said.url), signing, limits, heartbeat, self.memory)
        try:
            yield Desk(client, Patience(said.deadline_hours * 3600, said.ask_after_seconds))
        finally:
            client.close()


def _fingerprint(query: SubjectQuery) -> str:
    """Under which name a search is kept: it says nothing of the person."""
    parts: list[Any] = [query.reference, *sorted(f"{each.kind}={each.value}" for each in query.identities)]
    return sha256(chr(0).join(parts).encode()).hexdigest()[:40]


CONNECTOR = WebhookConnector
