"""Changing a database: the person's keys in temporary tables, one statement a table, one transaction, one receipt."""
