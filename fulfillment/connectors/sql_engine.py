"""One engine per address and process; a connection is kept for the next search for some seconds, then closed.

To open one costs a small search more than its answer, and a freshly forked server process has to read its catalogue
anew. So where many people are searched for, or one in several steps, they share one; a source that nobody asks holds
no idle connection.
"""

from functools import lru_cache
from threading import Lock, Timer
from typing import Any

from django.conf import settings
from sqlalchemy import URL, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import ArgumentError

from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.connectors.sql_guard import guard


def engine_of(url: URL, dialect: SqlDialect, connect_timeout_seconds: int, *, keeps: bool) -> Engine:
    """The engine of an address; `keeps` allows a connection to stay open. Raises NotConfigured without its driver."""
    seconds = settings.SOURCE_CONNECTION_SECONDS if keeps and dialect.leaves_no_trace else 0
    return _engine(url, dialect, connect_timeout_seconds, seconds)


@lru_cache(maxsize=32)
def _engine(url: URL, dialect: SqlDialect, connect_timeout_seconds: int, keep_seconds: int) -> Engine:
    # A kept connection is tried before it is used: the server may have been restarted meanwhile.
    kept: dict[str, Any] = {"pool_size": 1, "max_overflow": -1, "pool_pre_ping": True}
    try:
        engine = create_engine(
            url,
            poolclass=QueuePool if keep_seconds else NullPool,
            hide_parameters=True,
            connect_args=dialect.connect_arguments(connect_timeout_seconds=connect_timeout_seconds),
            **(kept if keep_seconds else {}),
        )
    except (ArgumentError, ImportError):
        raise NotConfigured("The address of this database names no driver that is installed.") from None
    if keep_seconds:
        event.listen(engine, "checkin", _Closing(engine, keep_seconds).begin)
    return guard(engine) if dialect.is_a_server else engine


class _Closing:
    """Closes what lies idle once nothing was handed back for so long."""

    def __init__(self, engine: Engine, seconds: int) -> None:
        self._engine, self._seconds = engine, seconds
        self._timer: Timer | None = None
        self._lock = Lock()

    def begin(self, *_connection: Any) -> None:
        """A connection comes back: the time begins anew."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = Timer(self._seconds, self._engine.pool.dispose)
            self._timer.daemon = True
            self._timer.start()
