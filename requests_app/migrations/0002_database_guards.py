"""What the database itself enforces: the audit chain, and that no state changes but through the one door."""

from typing import ClassVar

from django.db import migrations

CHAIN = """
CREATE FUNCTION omne_hash_part(part text) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT octet_length(convert_to(part, 'UTF8'))::text || ':' || part $$;

CREATE FUNCTION omne_moment(moment timestamptz) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

CREATE FUNCTION omne_audit_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Nobody brings a place in the chain along.
    NEW.position := NULL;
    NEW.previous_hash := '';
    NEW.hash := '';
    RETURN NEW;
END $$;

CREATE FUNCTION omne_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head requests_app_audithead;
    place bigint;
    digest text;
BEGIN
    INSERT INTO requests_app_audithead (id, position, hash) VALUES (1, 0, '') ON CONFLICT (id) DO NOTHING;
    SELECT * INTO head FROM requests_app_audithead WHERE id = 1 FOR UPDATE;
    place := head.position + 1;
    digest := encode(sha256(convert_to(
        omne_hash_part(place::text) || omne_hash_part(head.hash) || omne_hash_part(NEW.id::text)
        || omne_hash_part(omne_moment(NEW.at)) || omne_hash_part(omne_moment(NEW.recorded_at))
        || omne_hash_part(NEW.actor_kind) || omne_hash_part(NEW.actor_key) || omne_hash_part(NEW.event)
        || omne_hash_part(NEW.target_type) || omne_hash_part(NEW.target_id) || omne_hash_part(NEW.facts),
        'UTF8')), 'hex');
    UPDATE requests_app_auditentry SET position = place, previous_hash = head.hash, hash = digest WHERE id = NEW.id;
    UPDATE requests_app_audithead SET position = place, hash = digest WHERE id = 1;
    RETURN NULL;
END $$;

CREATE FUNCTION omne_audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
       AND (OLD.id, OLD.at, OLD.recorded_at, OLD.actor_kind, OLD.actor_key, OLD.event, OLD.target_type, OLD.target_id,
            OLD.facts)
         = (NEW.id, NEW.at, NEW.recorded_at, NEW.actor_kind, NEW.actor_key, NEW.event, NEW.target_type, NEW.target_id,
            NEW.facts) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_begin BEFORE INSERT ON requests_app_auditentry FOR EACH ROW EXECUTE FUNCTION omne_audit_begin();
CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON requests_app_auditentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION omne_audit_chain();
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON requests_app_auditentry
    FOR EACH ROW EXECUTE FUNCTION omne_audit_keep();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON requests_app_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION omne_audit_keep();
"""

UNCHAIN = """
DROP TRIGGER audit_keep_all ON requests_app_auditentry;
DROP TRIGGER audit_keep ON requests_app_auditentry;
DROP TRIGGER audit_chain ON requests_app_auditentry;
DROP TRIGGER audit_begin ON requests_app_auditentry;
DROP FUNCTION omne_audit_keep();
DROP FUNCTION omne_audit_chain();
DROP FUNCTION omne_audit_begin();
DROP FUNCTION omne_moment(timestamptz);
DROP FUNCTION omne_hash_part(text);
"""

GUARD = """
CREATE FUNCTION omne_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NEW.state IS DISTINCT FROM OLD.state
       AND coalesce(current_setting('omne_dsar.move', true), '')
           <> NEW.id::text || ':' || OLD.state || ':' || NEW.state THEN
        RAISE EXCEPTION 'The state of a request changes by a move only.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON requests_app_subjectrequest
    FOR EACH ROW EXECUTE FUNCTION omne_guard_state();
"""

UNGUARD = """
DROP TRIGGER guard_state ON requests_app_subjectrequest;
DROP FUNCTION omne_guard_state();
"""


class Migration(migrations.Migration):
    """Triggers; the tables are made by the migration before."""

    dependencies: ClassVar = [("requests_app", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(CHAIN, UNCHAIN), migrations.RunSQL(GUARD, UNGUARD)]
