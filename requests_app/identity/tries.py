"""Count wrong tries in the database: a try is taken before it is judged, so that guesses cannot outrun the counter."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from requests_app.identity.errors import TooManyWrongCodes
from requests_app.identity.models import WrongTries

ALLOWED = 5
WINDOW = timedelta(hours=24)

_TAKE = """
INSERT INTO requests_app_wrongtries AS tries (key, count, window_started_at) VALUES (%(key)s, 1, %(at)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tries.window_started_at <= %(opened)s THEN 1 ELSE tries.count + 1 END,
    window_started_at = CASE WHEN tries.window_started_at <= %(opened)s THEN %(at)s ELSE tries.window_started_at END
WHERE tries.count < %(allowed)s OR tries.window_started_at <= %(opened)s
RETURNING count
"""


def take_try(key: str, *, at: datetime) -> None:
    """Use up one try, at once and for good unless given back. Raises TooManyWrongCodes when none is left."""
    values: dict[str, str | int | datetime] = {
        "key": key,
        "at": at,
        "opened": at - WINDOW,
        "allowed": ALLOWED,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        taken = cursor.fetchone()
    if taken is None:
        raise TooManyWrongCodes


def give_back(key: str) -> None:
    """The code was right: the tries before it do not count against the person."""
    WrongTries.objects.filter(key=key).delete()


def forget_old(*, at: datetime) -> int:
    """Remove counters whose day is over. Returns how many."""
    return old_tries(at=at).delete()[0]


def old_tries(*, at: datetime) -> QuerySet[WrongTries]:
    """Those counters."""
    return WrongTries.objects.filter(window_started_at__lte=at - WINDOW)
