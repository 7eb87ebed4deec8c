"""Walk the audit chain and name the first entry that does not fit."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from requests_app.audit.models import AuditEntry, AuditHead


@dataclass(frozen=True)
class ChainReport:
    """What a walk found: how many entries fit, and the first thing that does not (empty when all do)."""

    entries: int
    head: str
    flaw: str = ""

    @property
    def intact(self) -> bool:
        """Whether every entry fits and the chain ends where the database says it ends."""
        return not self.flaw


def verify_chain() -> ChainReport:
    """Recompute every hash from the first entry on, in constant memory."""
    previous, position = "", 0
    for entry in (
        AuditEntry.objects.filter(position__isnull=False).order_by("position").iterator(chunk_size=2000)
    ):
        position += 1
        flaw = _flaw_of(entry, position, previous)
        if flaw:
            return ChainReport(position - 1, previous, flaw)
        previous = entry.hash
    return ChainReport(position, previous, _flaw_of_end(position, previous))


def hash_of(entry: AuditEntry) -> str:
    """The hash that the database's trigger computed for this entry, computed again."""
    fields = (
        str(entry.position),
        entry.previous_hash,
        str(entry.pk),
        _moment(entry.at),
        _moment(entry.recorded_at),
        entry.actor_kind,
        entry.actor_key,
        entry.event,
        entry.target_type,
        entry.target_id,
        entry.facts,
    )
    digest = hashlib.sha256()
    for field in fields:
        data = field.encode()
        digest.update(b"%d:%b" % (len(data), data))
    return digest.hexdigest()


def _flaw_of(entry: AuditEntry, position: int, previous: str) -> str:
    if entry.position != position:
        return f"Entry {position} is missing: after {position - 1} comes {entry.position}."
    if entry.previous_hash != previous:
        return f"Entry {position} (row {entry.pk}) does not follow the one before it."
    if entry.hash != hash_of(entry):
        return f"Entry {position} (row {entry.pk}) was changed after it was written."
    return ""


def _flaw_of_end(position: int, previous: str) -> str:
    if AuditEntry.objects.filter(position__isnull=True).exists():
        return "An entry stands outside the chain."
    head = AuditHead.objects.filter(pk=1).first()
    end = (head.position, head.hash) if head else (0, "")
    if end != (position, previous):
        return f"The chain ends at entry {position}, but the database says it ends at {end[0]}."
    return ""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
