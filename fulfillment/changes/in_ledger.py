"""Write a deletion that was carried out into the erasure ledger, before anything calls it done."""

from datetime import datetime

from fulfillment.changes.instructions import ToKeep
from fulfillment.changes.models import ChangeKind, ChangeTask
from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.spellings import folded
from fulfillment.identities.selectors import query_for
from fulfillment.ledger.entries import EntryKind, KeptThere, Written, identity_hash, sealed_identities
from fulfillment.ledger.write import write_entry
from fulfillment.sources.models import DataMapVersion


def write_erasure(
    change: ChangeTask, map_version: DataMapVersion, *, rows: int, by_hand: bool = False, at: datetime
) -> None:
    """Write it down, once whoever calls how often; in the transaction that calls it done. Raises LedgerAway."""
    source = change.source
    if change.kind != ChangeKind.ERASE or source is None:
        return
    said, key = change.instructions, str(change.pk)
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
        by_hand=by_hand,
        rows=rows,
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
