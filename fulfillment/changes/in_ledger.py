"""Write a deletion that was carried out into the erasure ledger, before anything calls it done."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.instructions import ToKeep
from fulfillment.changes.models import ChangeKind, ChangeTask
from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.changing import Made
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.spellings import folded
from fulfillment.identities.selectors import query_for
from fulfillment.ledger.entries import EntryKind, KeptThere, Written, identity_hash, sealed_identities
from fulfillment.ledger.write import write_entry
from fulfillment.sources.models import DataMapVersion, DataSource


def write_erasure(
    change: ChangeTask, map_version: DataMapVersion, *, rows: int, by_hand: bool = False, at: datetime
) -> None:
    """Write it down, once whoever calls how often; in the transaction that calls it done. Raises LedgerAway."""
    if change.kind == ChangeKind.ERASE and change.source is not None:
        done = _Done(str(change.pk), rows, by_hand=by_hand)
        _write(change, change.source, map_version, done, at=at)


def write_part_of_erasure(row: SourceChange, *, at: datetime) -> None:
    """Write down what became final of a change that will have no end; as above. Raises LedgerAway.

    What the connector cannot name, or nobody knows of, is for a person to look at, as what was erased by hand is.
    """
    change, made = row.change, row.made
    if change.kind != ChangeKind.ERASE or change.source is None or (made is None and row.noted is None):
        return
    names, rows = (made.made, made.rows) if made is not None else ((), 0)
    done = _Done(f"{change.pk}-part", rows, by_hand=not names, names=names)
    _write(change, change.source, row.map_version, done, at=at)


@dataclass(frozen=True)
class _Done:
    """What was done, under the key of its entry; with `names` no more than these."""

    key: str
    rows: int
    by_hand: bool
    names: tuple[Made, ...] = ()


def _write(
    change: ChangeTask, source: DataSource, map_version: DataMapVersion, done: _Done, *, at: datetime
) -> None:
    said, key = change.instructions, done.key
    query, data_map = query_for(change.subject_request), map_version.data_map
    known = [
        (each.kind, each.value.strip()) for each in query.identities if each.kind in data_map.identity_kinds
    ]
    lists = source.kind in CONNECTORS and CONNECTORS.get(source.kind).lists_identities(data_map)
    written = Written(
        kind=EntryKind.ERASURE,
        key=key,
        at=at,
        reference=change.subject_request.reference,
        source=source.key,
        map_sha256=map_version.sha256,
        ordered_at=change.created_at,
        collections=tuple(each.name for each in said.collections),
        kept=tuple(_kept_there(each, key) for each in said.keep),
        identities=_hashed(query, data_map.identity_kinds),
        sealed="" if lists else sealed_identities(known, key=key),
        by_hand=done.by_hand,
        rows=done.rows,
        part=sealed_identities(done.names, key=key) if done.names else "",
    )
    write_entry(written, target=change.subject_request, map_text=map_version.yaml)


def _kept_there(kept: ToKeep, key: str) -> KeptThere:
    """A single record is named by its sealed key: replayed without it, the hold would be on all of them or on none."""
    sealed = sealed_identities(kept.key.items(), key=key) if kept.key else ""
    return KeptThere(name=kept.name, why=kept.in_full, until=kept.until, sealed=sealed)


def _hashed(query: SubjectQuery, kinds: frozenset[str]) -> dict[str, tuple[str, ...]]:
    return {
        # What is never matched has no form to be compared by.
        kind: tuple(
            identity_hash(kind, form) for value in query.values(kind) if (form := folded(kind, value))
        )
        for kind in sorted(kinds & query.kinds)
    }
