"""A data map that a run was planned with stays as it was: the database refuses to change or delete one."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE FUNCTION omne_keep_map() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version of a data map never changes: load a newer one.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER keep_map BEFORE UPDATE ON fulfillment_datamapversion
    FOR EACH ROW EXECUTE FUNCTION omne_keep_map();
"""

RELEASE = """
DROP TRIGGER keep_map ON fulfillment_datamapversion;
DROP FUNCTION omne_keep_map();
"""


class Migration(migrations.Migration):
    """A trigger; the table is made by the migrations before."""

    dependencies: ClassVar = [("fulfillment", "0002_initial")]

    operations: ClassVar = [migrations.RunSQL(KEEP, RELEASE)]
