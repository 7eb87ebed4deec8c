"""How many automatic answers go out: beyond that they are held, so that two machines never talk to each other for long.

Counted in the database in one statement each, so that workers side by side cannot all take the last one.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction

from requests_app.encryption.blind_index import blind_index
from requests_app.intake.inbox.models import AnswerCount

PER_ADDRESS, PER_DOMAIN, OVERALL = 3, 10, 200
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_EVERYBODY = "all"

_TAKE = """
INSERT INTO requests_app_answercount AS counts (key, count, window_started_at) VALUES (%(key)s, 1, %(at)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN counts.window_started_at <= %(opened)s THEN 1 ELSE counts.count + 1 END,
    window_started_at = CASE WHEN counts.window_started_at <= %(opened)s THEN %(at)s ELSE counts.window_started_at END
WHERE counts.count < %(most)s OR counts.window_started_at <= %(opened)s
RETURNING count
"""


class UsedUp(StrEnum):
    """Which limit holds an answer back."""

    ADDRESS = "limit_of_address"
    DOMAIN = "limit_of_domain"
    OVERALL = "limit_of_all"


def take_answer(address: str, *, at: datetime) -> UsedUp | None:
    """Take one automatic answer to an address; None where it may go, else the limit that is used up.

    In the caller's transaction: where that is given up, nothing was taken. Always in one order, so that two workers
    wait for each other instead of locking each other out.
    """
    domain = address.rpartition("@")[2]
    limits = (
        (blind_index("answer_to", address), PER_ADDRESS, DAY, UsedUp.ADDRESS),
        (blind_index("answer_to_domain", domain), PER_DOMAIN, HOUR, UsedUp.DOMAIN),
        (_EVERYBODY, OVERALL, HOUR, UsedUp.OVERALL),
    )
    point = transaction.savepoint()
    for key, most, window, used_up in limits:
        if not _take(key, most, window, at=at):
            transaction.savepoint_rollback(point)
            return used_up
    transaction.savepoint_commit(point)
    return None


def is_open(*, at: datetime) -> bool:
    """Whether the breaker is open: every answer of this hour is used up, and all others are held."""
    return AnswerCount.objects.filter(
        key=_EVERYBODY, count__gte=OVERALL, window_started_at__gt=at - HOUR
    ).exists()


def forget_old_counts(*, at: datetime) -> int:
    """Remove counters whose time is over. Returns how many."""
    return AnswerCount.objects.filter(window_started_at__lte=at - DAY).delete()[0]


def _take(key: str, most: int, window: timedelta, *, at: datetime) -> bool:
    values: dict[str, str | int | datetime] = {"key": key, "most": most, "at": at, "opened": at - window}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return cursor.fetchone() is not None
