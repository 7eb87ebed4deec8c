"""Erase again what a restored backup brought back: by the erasure ledger, which needs nothing of our own database.

Erasures that were confirmed before there was a ledger are taken from the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from fulfillment.changes.by_connector.order import order_of, order_secret
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.connectors.base import Connector
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Hold, Operation, PreflightFailed
from fulfillment.connectors.errors import ConnectorError
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.spellings import folded
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.ledger.entries import EntryKind, KeptThere, LedgerEntry, identity_hashes, opened_identities
from fulfillment.ledger.shelf import current_shelf
from fulfillment.sources.connection import open_connector
from fulfillment.sources.errors import UnknownSource
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import source_by_key
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class Replayed:
    """One erasure: how many rows were there again, and what became of them.

    `trouble` says why it could not be repeated; `by_hand` that a person made it, so that a person repeats it; of these
    `found` is how many of what the person was known by are there again, where the source can say.
    """

    reference: str
    source: str
    erased_at: datetime
    found: int = 0
    erased: int = 0
    by_hand: bool = False
    trouble: str = ""


def replay_erasures(*, since: datetime | None, dry_run: bool, by: Actor, at: datetime) -> Iterator[Replayed]:
    """Go through the erasures since a moment, oldest first; whatever is gone still is left alone. Raises LedgerBroken.

    Safe to repeat and to break off: what was erased again is not there the next time.
    """
    entries = [each for each in current_shelf().entries() if each.kind is EntryKind.ERASURE]
    wanted = [each for each in entries if since is None or each.at >= since]
    again = _Again(tuple(wanted), dry_run, by, at)
    for entry in wanted:
        yield again.by_entry(entry)
    known = {each.key for each in entries}
    for task in _confirmed(since).iterator(chunk_size=200):
        if str(task.pk) not in known:
            yield again.by_task(task)


@dataclass(frozen=True)
class _Again:
    """One replay: the entries it goes through, and what every source was found to hold of their people."""

    entries: tuple[LedgerEntry, ...]
    dry_run: bool
    by: Actor
    at: datetime

    def by_entry(self, entry: LedgerEntry) -> Replayed:
        """Carry one entry out again."""
        named = Replayed(entry.reference, entry.source, entry.at, by_hand=entry.by_hand)
        try:
            source = source_by_key(entry.source)
            data_map = load_map(current_shelf().map_text(entry.map_sha256))
            named = replace(named, source=source.label)
            identities = self._identities(entry, source, data_map)
            if entry.by_hand or not identities:
                return replace(named, found=len(identities))
            query = SubjectQuery(identities, entry.reference)
            return self._erased(named, source, data_map, _order(entry, query, self.at))
        except UnknownSource:
            return replace(named, trouble=f"No source is called “{entry.source}” here: connect it first.")
        except DomainError as failure:
            return replace(named, trouble=failure.sentence)

    def by_task(self, task: ChangeTask) -> Replayed:
        """Carry out again what the database alone knows of."""
        source, ended_at = task.source, task.ended_at
        assert source is not None  # noqa: S101 - asked for below
        assert ended_at is not None  # noqa: S101 - asked for below
        named = Replayed(task.subject_request.reference, source.label, ended_at)
        if task.hand != Hand.CONNECTOR:
            return replace(named, by_hand=True)
        row = task.by_connector
        said = order_of(row)
        order = replace(
            said,
            key=_key(row.order_key, self.at),
            secret=order_secret(row.order_key),
            holds=tuple(replace(each, may_be_gone=True) for each in said.holds),
        )
        try:
            return self._erased(named, source, row.map_version.data_map, order)
        except ConnectorError as failure:
            return replace(named, trouble=failure.sentence)

    def _erased(self, named: Replayed, source: DataSource, data_map: DataMap, order: ChangeOrder) -> Replayed:
        connector = open_connector(source)
        preflight = connector.preflight(order, data_map)
        if preflight.problems:
            raise PreflightFailed(preflight.problems)
        if self.dry_run or not preflight.rows:
            return replace(named, found=preflight.rows)
        receipt = connector.change(order, data_map, note=_nothing_to_note)
        facts = {"source": source.key, "kind": ChangeKind.ERASE.value, "records": receipt.rows}
        known = SubjectRequest.objects.filter(reference=named.reference).first()
        # Where our own database was lost, the source is what is left to name.
        record(event="change.replayed", target=known or source, by=self.by, at=self.at, facts=facts)
        return replace(named, found=preflight.rows, erased=receipt.rows)

    def _identities(self, entry: LedgerEntry, source: DataSource, data_map: DataMap) -> tuple[Identity, ...]:
        """Who is meant: what the entry has sealed, or those in the source whose keyed hash it names."""
        if entry.sealed:
            return tuple(Identity(*each) for each in opened_identities(entry.sealed, key=entry.key))
        held = self._held(source, data_map, entry.map_sha256)
        wanted = {digest for hashes in entry.identities.values() for digest in hashes}
        return tuple(identity for digest, found in held.items() if digest in wanted for identity in found)

    def _held(self, source: DataSource, data_map: DataMap, sha256: str) -> dict[str, tuple[Identity, ...]]:
        """Of everybody whom a source holds, those whom any entry means; gone through once for all entries."""
        if (source.key, sha256) not in self._cache:
            wanted = self._wanted(source.key)
            connector: Connector[Any] = open_connector(source)
            found: dict[str, tuple[Identity, ...]] = {}
            for each in connector.identities(data_map, frozenset(data_map.identity_kinds)):
                form = folded(each.kind, each.value)
                for digest in wanted.intersection(identity_hashes(each.kind, form)) if form else ():
                    found[digest] = (*found.get(digest, ()), each)
            self._cache[source.key, sha256] = found
        return self._cache[source.key, sha256]

    @cached_property
    def _cache(self) -> dict[tuple[str, str], dict[str, tuple[Identity, ...]]]:
        return {}

    def _wanted(self, source_key: str) -> frozenset[str]:
        return frozenset(
            digest
            for entry in self.entries
            if entry.source == source_key
            for hashes in entry.identities.values()
            for digest in hashes
        )


def _confirmed(since: datetime | None) -> Any:
    done = ChangeTask.objects.filter(
        kind=ChangeKind.ERASE, state=ChangeState.DONE, source__isnull=False, ended_at__isnull=False
    )
    if since is not None:
        done = done.filter(ended_at__gte=since)
    return done.select_related("source", "subject_request", "by_connector__map_version").order_by("ended_at")


def _order(entry: LedgerEntry, query: SubjectQuery, at: datetime) -> ChangeOrder:
    """The order of then, for those who are there now."""
    names = (*entry.collections, *(each.name for each in entry.kept))
    return ChangeOrder(
        key=_key(entry.key, at),
        operation=Operation.ERASE,
        query=query,
        collections=tuple(dict.fromkeys(names)),
        at=entry.ordered_at or entry.at,
        secret=order_secret(entry.key),
        purposes=("deletion",),
        only=frozenset(opened_identities(entry.part, key=entry.key)) if entry.part else frozenset(),
        holds=tuple(
            # A backup may be older than the record that was held.
            Hold(each.name, each.why, _key_of(entry, each), each.until, may_be_gone=True)
            for each in entry.kept
        ),
    )


def _key_of(entry: LedgerEntry, kept: KeptThere) -> dict[str, str] | None:
    return dict(opened_identities(kept.sealed, key=entry.key)) if kept.sealed else None


def _key(order_key: str, at: datetime) -> str:
    """An order of its own: the first one was carried out, and a source may remember that."""
    return f"{order_key}-again-{at:%Y%m%dT%H%M%S}"


def _nothing_to_note(receipt: ChangeReceipt) -> None:
    """Whether it became final is seen by looking again: what is still there is erased the next time."""
