"""Walk the audit chain, hold it against what was anchored, and name the first entry that does not fit."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from requests_app.audit.anchors.checkpoints import Checkpoint
from requests_app.audit.merkle import Tree
from requests_app.audit.models import AuditEntry, AuditHead

_TIME = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))
RESTORED = (
    "Where a backup was restored, acknowledge_restore says so for good; otherwise somebody changed the log."
)


@dataclass(frozen=True)
class ChainReport:
    """What a walk found: how many entries fit, and the first thing that does not (empty when all do).

    `anchored` is the last entry up to which the chain is what was anchored, and `contradicts` the anchors it is not.
    """

    entries: int
    head: str
    flaw: str = ""
    anchored: int = 0
    contradicts: tuple[Checkpoint, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether every entry fits and the chain ends where the database says it ends."""
        return not self.flaw


def verify_chain(checkpoints: Iterable[Checkpoint] = ()) -> ChainReport:
    """Recompute every hash from the first entry on, in constant memory, and compare with the checkpoints.

    Work may go on meanwhile: what is looked at is one moment.
    """
    with one_moment():
        return _Walk(checkpoints).report()


@dataclass(frozen=True)
class _Beyond:
    """An entry that cannot be read: where it stands, and its row."""

    position: int
    row: int

    def flaw_after(self, position: int) -> str:
        """What is wrong where the walk came to `position`."""
        if self.position != position + 1:
            return _missing(position + 1, self.position)
        return _was_changed(self.position, self.row)


class _Walk:
    """One walk along the chain."""

    def __init__(self, checkpoints: Iterable[Checkpoint]) -> None:
        self._ahead = sorted(checkpoints, key=lambda each: -each.statement.stood.position)
        self._tree = Tree()
        self._anchored = 0
        self._wrong: list[Checkpoint] = []

    def report(self) -> ChainReport:
        """Walk, and say what was found."""
        previous, position = "", 0
        entries = AuditEntry.objects.filter(position__isnull=False).order_by("position")
        beyond = _beyond_time(entries)
        if beyond is not None:
            entries = entries.filter(position__lt=beyond.position)
        for entry in entries.iterator(chunk_size=2000):
            position += 1
            flaw = _flaw_of(entry, position, previous)
            if flaw:
                return ChainReport(position - 1, previous, flaw, self._anchored)
            previous = entry.hash
            self._tree.add(previous)
            self._compare(position, previous)
        if beyond is not None:
            return ChainReport(position, previous, beyond.flaw_after(position), self._anchored)
        self._wrong += reversed(self._ahead)
        flaw = _flaw_of_end(position, previous) or self._contradiction(position)
        return ChainReport(position, previous, flaw, self._anchored, tuple(self._wrong))

    def _compare(self, position: int, digest: str) -> None:
        while self._ahead and self._ahead[-1].statement.stood.position <= position:
            checkpoint = self._ahead.pop()
            stood = checkpoint.statement.stood
            if (stood.position, stood.hash, stood.root) != (position, digest, self._tree.root):
                self._wrong.append(checkpoint)
            elif not self._wrong:
                self._anchored = position

    def _contradiction(self, end: int) -> str:
        if not self._wrong:
            return ""
        first = self._wrong[0]
        position = first.statement.stood.position
        if position > end:
            return (
                f"The chain ends at entry {end}, but entry {position} was anchored on {first.in_words()}: "
                f"the end is missing. {RESTORED}"
            )
        return (
            f"Entry {position} is not the one that was anchored on {first.in_words()}: the chain was written anew "
            f"from some entry between {self._anchored + 1} and {position} on. {RESTORED}"
        )


def hash_of(entry: AuditEntry) -> str:
    """The hash that the database's trigger computed for this entry, computed again."""
    return hash_of_fields(hashed_fields(entry))


def hashed_fields(entry: AuditEntry) -> tuple[str, ...]:
    """What an entry's hash is over, in this order."""
    return (
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


def hash_of_fields(fields: Iterable[str]) -> str:
    """SHA-256 over every field with its length in bytes before it."""
    digest = hashlib.sha256()
    for field in fields:
        data = field.encode()
        digest.update(b"%d:%b" % (len(data), data))
    return digest.hexdigest()


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees what was committed when it began, unless the caller has one of its own."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _beyond_time(entries: QuerySet[AuditEntry]) -> _Beyond | None:
    """The first entry with a moment that no calendar of ours knows; a database knows "infinity"."""
    beyond = entries.exclude(at__range=_TIME, recorded_at__range=_TIME).values_list("position", "pk").first()
    return _Beyond(beyond[0] or 0, beyond[1]) if beyond else None


def _missing(position: int, found: int | None) -> str:
    return f"Entry {position} is missing: after {position - 1} comes {found}."


def _was_changed(position: int, row: int) -> str:
    return f"Entry {position} (row {row}) was changed after it was written."


def _flaw_of(entry: AuditEntry, position: int, previous: str) -> str:
    if entry.position != position:
        return _missing(position, entry.position)
    if entry.previous_hash != previous:
        return f"Entry {position} (row {entry.pk}) does not follow the one before it."
    if entry.hash != hash_of(entry):
        return _was_changed(position, entry.pk)
    return ""


def _flaw_of_end(position: int, previous: str) -> str:
    outside = AuditEntry.objects.filter(position__isnull=True).order_by("pk").values_list("pk", flat=True)
    if (row := outside.first()) is not None:
        return f"An entry stands outside the chain (row {row})."
    head = AuditHead.objects.filter(pk=1).first()
    end = (head.position, head.hash) if head else (0, "")
    if end != (position, previous):
        return f"The chain ends at entry {position}, but the database says it ends at {end[0]}."
    return ""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
