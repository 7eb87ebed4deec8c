"""Ask for a look at a source, and carry it out: the proposal is stored, and nothing is in force."""

from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.db import transaction

from fulfillment.connectors.errors import ConnectorError, Retryable, Unsupported
from fulfillment.introspection.models import MapProposal
from fulfillment.sources.check import note_success
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from fulfillment.sources.turns import is_its_turn, note_trouble
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, take
from requests_app.leases.models import WorkState

SAMPLE = 500
# A large source takes a minute or two; a worker that died in it is replaced after this.
_LEASE = timedelta(minutes=10)
_MOST_ATTEMPTS = 3
_WAIT = timedelta(minutes=1)
_CUT_OFF = "The look was cut off several times without leaving a reason. Please look at the worker."


def can_be_looked_at(source: DataSource) -> bool:
    """Whether a map can be proposed for this kind of source."""
    return open_connector(source).is_database


def ask_for_look(*, source: DataSource, by: Actor, at: datetime) -> MapProposal:
    """A row for a worker to take; the one that waits already, if there is one. Raises Unsupported."""
    if not can_be_looked_at(source):
        raise Unsupported(f"{source.label} is no database: its map is written by hand.")
    with transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        waiting = MapProposal.objects.filter(source=locked, work_state=WorkState.WAITING).first()
        if waiting is not None:
            return waiting
        row = MapProposal.objects.create(source=locked, asked_at=at, asked_by=by.key)
        record(event="source.look_asked", target=source, by=by, at=at, facts={"source": source.key})
        return row


def look_at_source(*, look_id: UUID | str, at: datetime) -> None:
    """Look, and store what is proposed, or why nothing is. Safe to run twice."""
    lease = take(MapProposal, look_id, length=_LEASE)
    if lease is None:
        return
    look = MapProposal.objects.select_related("source").get(pk=look_id)
    if is_poison(lease, look.last_error):
        lease.give_up(error=poison_reason(look.last_error, cut_off=_CUT_OFF))
        return
    if not is_its_turn(lease, look.source):
        return
    try:
        text = _proposed(look.source, at)
        with lease.settled():
            MapProposal.objects.filter(pk=look_id).update(yaml=text, looked_at=at)
            lease.done()
            note_success(look.source, at=at)
    except LeaseLost:
        return
    except ConnectorError as failure:
        _failed(look, lease, failure, at=at)


def _failed(look: MapProposal, lease: Lease, failure: ConnectorError, *, at: datetime) -> None:
    with suppress(LeaseLost), lease.settled():
        if isinstance(failure, Retryable) and lease.attempt < _MOST_ATTEMPTS:
            lease.again(after=_WAIT, error=failure.sentence)
        else:
            lease.give_up(error=failure.sentence)
        note_trouble(look.source, failure, at=at)


def _proposed(source: DataSource, at: datetime) -> str:
    connector = open_connector(source)
    if not connector.is_database:
        raise Unsupported(f"{source.label} is no database: its map is written by hand.")
    key = source.map_in_force.data_map.key
    # Loaded when somebody asks: the library of databases is a third of what every process would start with.
    propose = import_module("fulfillment.introspection.propose")
    proposed: str = propose.propose_map(connector, key=key, label=source.label, sample=SAMPLE, at=at)
    return proposed
