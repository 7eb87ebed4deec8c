"""Questions to the audit log."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from requests_app.audit import events
from requests_app.audit.actors import ActorKind
from requests_app.audit.models import AuditEntry
from requests_app.audit.record import facts_in, type_of


@dataclass(frozen=True)
class HistoryLine:
    """One entry as a person reads it."""

    at: datetime
    event: str
    sentence: str
    actor_kind: str
    actor_key: str
    position: int | None
    facts: Mapping[str, Any]


def history_of(target: Model, *, limit: int = 500) -> Iterator[HistoryLine]:
    """What happened to a row, newest first."""
    entries = AuditEntry.objects.filter(target_type=type_of(target), target_id=str(target.pk)).order_by(
        "-id"
    )[:limit]
    for entry in entries:
        facts = facts_in(entry.facts)
        sentence = events.sentence_for(entry.event, facts)
        yield HistoryLine(
            entry.at, entry.event, sentence, entry.actor_kind, entry.actor_key, entry.position, facts
        )


def staff_who_did(names: Iterable[str], *, target: Model, since: datetime | None = None) -> frozenset[str]:
    """The keys of the staff who did any of these to a row, ever or from a moment on."""
    entries = AuditEntry.objects.filter(
        target_type=type_of(target),
        target_id=str(target.pk),
        event__in=sorted(names),
        actor_kind=ActorKind.STAFF,
    )
    if since is not None:
        entries = entries.filter(at__gte=since)
    return frozenset(entries.values_list("actor_key", flat=True))
