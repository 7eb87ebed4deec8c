"""The database keeps what a move wrote: proofs rise by an accepted proof alone, decisions change by a move, ends stay."""

from typing import ClassVar

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION omne_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    move text := coalesce(current_setting('omne_dsar.move', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'received' THEN
            RAISE EXCEPTION 'A request begins as received.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.reference, NEW."right", NEW.received_at) IS DISTINCT FROM
       (OLD.id, OLD.reference, OLD."right", OLD.received_at) THEN
        RAISE EXCEPTION 'Reference, right and receipt of a request never change.' USING ERRCODE = 'check_violation';
    END IF;
"""

PROOFS = """
    IF (NEW.identity_level, NEW.standing_proven_at) IS DISTINCT FROM (OLD.identity_level, OLD.standing_proven_at)
       AND (move <> NEW.id::text || ':awaiting_identity:awaiting_identity'
            OR NEW.identity_level < OLD.identity_level) THEN
        RAISE EXCEPTION 'The proof of a request rises by an accepted proof only.' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.doubt_level, NEW.approved_by_id, NEW.reviewed_by_id, NEW.decided_by_id, NEW.released_by_id, NEW.outcome,
        NEW.reason_code, NEW.answer_scope, NEW.closed_at) IS DISTINCT FROM
       (OLD.doubt_level, OLD.approved_by_id, OLD.reviewed_by_id, OLD.decided_by_id, OLD.released_by_id, OLD.outcome,
        OLD.reason_code, OLD.answer_scope, OLD.closed_at)
       AND NOT starts_with(move, NEW.id::text || ':') THEN
        RAISE EXCEPTION 'What was decided about a request changes by a move only.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state
       AND OLD.state IN ('completed', 'refused', 'withdrawn', 'lapsed', 'forwarded', 'duplicate') THEN
        RAISE EXCEPTION 'A closed request stays closed.' USING ERRCODE = 'check_violation';
    END IF;
"""

TAIL = """
    IF NEW.state IS DISTINCT FROM OLD.state AND move <> NEW.id::text || ':' || OLD.state || ':' || NEW.state THEN
        RAISE EXCEPTION 'The state of a request changes by a move only.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """The guard of the state, once more and with what belongs to it."""

    dependencies: ClassVar = [("requests_app", "0010_person_notes")]

    operations: ClassVar = [migrations.RunSQL(HEAD + PROOFS + TAIL, HEAD + TAIL)]
