"""Take a callback: signed, within bounds, streamed into a sealed file; the first final answer counts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from fulfillment.callbacks.errors import AnsweredBefore, NotSigned, TooLong, UnknownOrder
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.kinds.webhook import WebhookConnector
from fulfillment.connectors.order_names import webhook_slot
from fulfillment.connectors.rows import parse_json
from fulfillment.connectors.webhook_changes import kept_of
from fulfillment.connectors.webhook_orders import DONE, FAILED
from fulfillment.connectors.webhook_receipts import look_from
from fulfillment.connectors.webhook_signing import Verifying
from fulfillment.runs.models import SourceTask
from fulfillment.sources.connection import open_connector
from fulfillment.sources.memory import DatabaseMemory
from fulfillment.sources.models import DataSource, SourceAnswer, SourceSlot
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.errors import BadInput
from requests_app.leases.models import WorkState

# Lines of JSON are findings; everything else is a word on how the order stands.
FINDINGS = "application/x-ndjson"
MOST_OF_A_WORD = 1_000_000
PART = 64 * 1024
Read = Callable[[int], bytes]


@dataclass(frozen=True)
class Callback:
    """A call as it comes in; `read` gives the next bytes of its body, none at its end."""

    order: str
    headers: Mapping[str, str]
    media_type: str
    read: Read


def take_callback(callback: Callback, *, at: datetime) -> str:
    """Keep what a system answers. Returns the state of the order; the same answer again changes nothing.

    Raises UnknownOrder, NotSigned, TooLong, AnsweredBefore, BadInput.
    """
    slot = SourceSlot.objects.select_related("source").filter(key=webhook_slot(callback.order)).first()
    connector = open_connector(slot.source) if slot is not None else None
    if slot is None or not isinstance(connector, WebhookConnector):
        raise UnknownOrder
    try:
        verifying = Verifying(connector.settings.secrets_in_force(at), callback.headers, at=at)
    except ValueError:
        raise NotSigned from None
    if callback.media_type == FINDINGS:
        state = _findings(callback, slot.source, verifying, connector.settings.callback_bytes, at=at)
    else:
        state = _word(callback, slot.source, verifying)
    _wake(slot.source)
    return state


def _findings(
    callback: Callback, source: DataSource, verifying: Verifying, most: int, *, at: datetime
) -> str:
    """Stream findings into a file of their own; it counts only when the signature held for all of it."""
    store, name = current_store(), new_name()
    key, digest = wrapped_file_key(name=name), sha256()
    with create_sealed(store, name=name, wrapped_key=key) as sink:
        for part in _parts(callback.read, most):
            verifying.update(part)
            digest.update(part)
            sink.write(part)
        if not verifying.is_good:
            # Leaving by an error, the file never comes to be.
            raise NotSigned
    row = SourceAnswer(
        source=source,
        order=callback.order,
        store_name=name,
        wrapped_key=key,
        sha256=digest.hexdigest(),
        received_at=at,
    )
    if not _is_first(row):
        store.delete(name)
    return DONE


def _is_first(row: SourceAnswer) -> bool:
    """Keep the answer unless one is there. Raises AnsweredBefore where that one says something else."""
    with transaction.atomic(), DatabaseMemory(row.source_id).slot(webhook_slot(row.order)) as held:
        if held.get("what") != "search":
            raise UnknownOrder
        before = SourceAnswer.objects.filter(source=row.source, order=row.order).first()
        if before is not None and before.sha256 == row.sha256:
            return False
        if before is not None or held.get("state") in (DONE, FAILED):
            raise AnsweredBefore
        row.save(force_insert=True)
        held["state"] = DONE
    return True


def _word(callback: Callback, source: DataSource, verifying: Verifying) -> str:
    content = b""
    for part in _parts(callback.read, MOST_OF_A_WORD):
        verifying.update(part)
        content += part
    if not verifying.is_good:
        raise NotSigned
    try:
        said = parse_json(content)
    except (ValueError, RecursionError):
        raise BadInput("The answer is not JSON.") from None
    with DatabaseMemory(source.pk).slot(webhook_slot(callback.order)) as held:
        if not held:
            raise UnknownOrder
        new = _read(held["what"], said, source)
        if held.get("state") in (DONE, FAILED):
            _refuse_another(held, new)
        else:
            held.update(new)
        return str(held["state"])


def _read(what: str, said: Any, source: DataSource) -> dict[str, Any]:
    """What an answer leaves in the memory. Raises BadInput for one that cannot be read."""
    data_map = source.map_in_force.data_map
    try:
        if what == "look" and isinstance(said, dict) and "state" not in said:
            look_from(said, data_map)
            return {"state": DONE, "look": said}
        if what == "search" and isinstance(said, dict) and said.get("state") == DONE:
            raise BadInput(f"Findings come as {FINDINGS}.")
        return kept_of(said, data_map)
    except Fatal as unfit:
        raise BadInput(unfit.sentence) from None


def _refuse_another(held: dict[str, Any], new: dict[str, Any]) -> None:
    """A late word that the work goes on says nothing; another end than the first is refused."""
    if new["state"] not in (DONE, FAILED):
        return
    if new["state"] != held["state"] or any(new.get(each) != held.get(each) for each in ("receipt", "look")):
        raise AnsweredBefore


def _parts(read: Read, most: int) -> Iterator[bytes]:
    size = 0
    while part := read(PART):
        size += len(part)
        if size > most:
            raise TooLong
        yield part


def _wake(source: DataSource) -> None:
    """Whatever waits for this source is due: the sweep offers it, and each looks whether the answer was its own."""
    waiting = {"work_state": WorkState.WAITING, "leased_until": None}
    SourceTask.objects.filter(source=source, **waiting).update(next_attempt_at=Now())
    SourceChange.objects.filter(change__source=source, **waiting).update(next_attempt_at=Now())
