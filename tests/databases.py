"""Databases of other systems, made for a test on the server that the tests run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


@contextmanager
def source_database(statements: str) -> Iterator[str]:
    """A database of its own with these tables; gives its address, and removes it afterwards."""
    admin = os.environ["DATABASE_URL"]
    name = f"source_{uuid4().hex[:12]}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    try:
        with psycopg.connect(make_conninfo(admin, dbname=name)) as connection:
            connection.execute(statements)
        yield admin.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
