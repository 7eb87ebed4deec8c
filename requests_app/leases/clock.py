"""The clock that all machines share: the database's. Background jobs ask it, for their own machine's may be wrong."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The present moment by the database's clock, also inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
