"""The columns of this app that BLIND_INDEX_KEY keys, named to the rotation of keys."""

from fulfillment.bundles.models import Bundle
from fulfillment.changes.rehearsals.look import decided_now
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.rules import indexes_of
from fulfillment.identities.selectors import fingerprints, query_for
from fulfillment.runs.models import SourceTask
from requests_app.encryption.rotation.indexes import IndexedColumn, add_indexed


def name_indexed_columns() -> None:
    """Called once, at start-up."""
    for column in (
        IndexedColumn(
            KnownIdentity, "value_index", lambda row: indexes_of(row.kind, row.value), may_differ=False
        ),
        IndexedColumn(
            Bundle,
            "recipient_index",
            lambda row: row.subject_request.address_indexes,
            beside=("subject_request",),
        ),
        # Otherwise every search and every look of an open request would count as made for somebody else.
        IndexedColumn(
            SourceTask,
            "asked_by_hash",
            lambda row: fingerprints(query_for(row.run.subject_request), row.map_version.data_map),
            beside=("run__subject_request", "map_version"),
        ),
        IndexedColumn(Rehearsal, "decided", decided_now, beside=("subject_request", "source", "map_version")),
    ):
        add_indexed(column)
