"""Databases of the bench's own server, made as they are needed."""

import psycopg


def beside(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return f"{url.rpartition('/')[0]}/{name}"


def make_database(admin_url: str, name: str, *, like: str = "template0") -> str:
    """Make a database anew, empty or as a copy of one that nobody is connected to; gives its address."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        # A connection to a source is kept a moment for the next search. Not FORCE, which would end the server's own
        # vacuum too, and may not: that one the server sends away by itself.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy".encode())
    return beside(admin_url, name)
