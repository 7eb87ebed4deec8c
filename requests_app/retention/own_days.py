"""Forget what has a day of its own, kind by kind: one that cannot be done now holds up no other."""

import logging
from dataclasses import dataclass
from datetime import datetime

from requests_app.encryption.doomed import remove_doomed
from requests_app.errors import DomainError
from requests_app.retention.base import kinds

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """How many things of each kind went, and which kinds have to be tried again."""

    counts: dict[str, int]
    failed: tuple[str, ...] = ()


def forget_what_is_due(*, at: datetime, also_daily: bool = False) -> Done:
    """Forget everything whose own day has come, and remove the files that are still to go. Safe to repeat."""
    counts: dict[str, int] = {}
    failed = []
    for key, kind in kinds():
        if kind.own_day is None or (kind.own_day.daily and not also_daily):
            continue
        try:
            if count := kind.own_day.forget(at):
                counts[key] = count
        except DomainError as refused:
            failed.append(key)
            log.warning("%s could not be forgotten now: %s", key, refused.code)
    remove_doomed()
    return Done(counts, tuple(failed))
