"""What whoever owns the database can do to the audit log: switch its guards off, and compute every hash anew."""

import re

from django.db import connection
from django.db.backends.utils import CursorWrapper

_LOG = re.compile(r"\blog\b")

_RECHAIN = """
DO $$
DECLARE
    entry requests_app_auditentry;
    place bigint := 0;
    before text := '';
    digest text;
BEGIN
    UPDATE requests_app_auditentry SET position = -position;
    FOR entry IN SELECT * FROM requests_app_auditentry ORDER BY -position LOOP
        place := place + 1;
        digest := encode(sha256(convert_to(
            omne_hash_part(place::text) || omne_hash_part(before) || omne_hash_part(entry.id::text)
            || omne_hash_part(omne_moment(entry.at)) || omne_hash_part(omne_moment(entry.recorded_at))
            || omne_hash_part(entry.actor_kind) || omne_hash_part(entry.actor_key) || omne_hash_part(entry.event)
            || omne_hash_part(entry.target_type) || omne_hash_part(entry.target_id) || omne_hash_part(entry.facts),
            'UTF8')), 'hex');
        UPDATE requests_app_auditentry SET position = place, previous_hash = before, hash = digest
            WHERE id = entry.id;
        before := digest;
    END LOOP;
    UPDATE requests_app_audithead SET position = place, hash = before;
END $$
"""


def behind_our_back(*statements: str) -> None:
    """Run statements with no trigger awake; `log` stands for the table of the audit log."""
    with connection.cursor() as cursor:
        _guards(cursor, "DISABLE")
        try:
            for statement in statements:
                cursor.execute(_LOG.sub("requests_app_auditentry", statement))
        finally:
            _guards(cursor, "ENABLE")


def _guards(cursor: CursorWrapper, verb: str) -> None:
    for table in ("auditentry", "audithead", "auditanchor", "anchordeposit"):
        cursor.execute(f"ALTER TABLE requests_app_{table} {verb} TRIGGER USER")


def rewritten(*statements: str) -> None:
    """Run statements, and build the whole chain anew so that it fits itself."""
    behind_our_back(*statements, _RECHAIN)
