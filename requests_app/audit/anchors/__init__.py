"""Signed statements of where the audit chain stood, left where whoever rules the database does not rule."""
