"""The memory of a connected source: one budget, one token, one run of each export, whoever the worker is.

The rows are the truth and their clock the database's. A count is a short transaction of its own, so that calls
of any number of workers and machines add up; the broker is not asked, and may be lost.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest, Now

from fulfillment.connectors.memory import Kept, Limits, Wait
from fulfillment.sources.models import SourceAnswer, SourceBudget, SourceSlot
from requests_app.encryption.doomed import doom
from requests_app.encryption.files import read_lines
from requests_app.encryption.store import current_store
from requests_app.leases.clock import database_now

# A length of time is counted in so many stretches: at most a twentieth of a budget goes unused.
STRETCHES = 20

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class DatabaseMemory:
    """Shared by all workers that talk to one source."""

    source_id: UUID

    def take_call(self, limits: Limits) -> Wait | None:
        """Count a call against every limit, or none of them and say how long to wait."""
        if not limits:
            return _closed(SourceBudget.objects.filter(pk=self.source_id).first())
        with transaction.atomic():
            row = self._locked_budget()
            if (closed := _closed(row)) is not None:
                return closed
            now = database_now()
            counts = {str(seconds): _recent(row.counts, seconds, now) for _, seconds in limits}
            waits = [_until_free(counts[str(seconds)], calls, seconds, now) for calls, seconds in limits]
            if (wait := max(waits)) > 0:
                return Wait(wait)
            for _, seconds in limits:
                stretch = str(_stretch(seconds, now))
                counts[str(seconds)][stretch] = counts[str(seconds)].get(stretch, 0) + 1
            SourceBudget.objects.filter(pk=self.source_id).update(counts=counts)
            return None

    def pause(self, seconds: float) -> None:
        """Let nobody call for a while; a longer pause that is on already stays."""
        self._budget_row()
        until = Now() + timedelta(seconds=seconds)
        SourceBudget.objects.filter(pk=self.source_id).update(
            closed_until=Greatest(Coalesce("closed_until", until), until)
        )

    def recall(self, name: str) -> Kept:
        """What is kept under a name; empty when nothing is."""
        row = SourceSlot.objects.filter(source_id=self.source_id, key=name).first()
        return dict(row.kept_sealed) if row else {}

    @contextmanager
    def slot(self, name: str) -> Iterator[Kept]:
        """The same, held alone until the end: who comes second waits, and sees what the first has kept."""
        with transaction.atomic():
            row = self._locked_slot(name)
            held = dict(row.kept_sealed)
            before = dict(held)
            yield held
            if not held:
                row.delete()
            elif held != before:
                row.kept_sealed, row.changed_at = held, database_now()
                row.save(update_fields=["kept_sealed", "changed_at"])

    def answer_lines(self, order: str) -> Iterator[bytes]:
        """The lines that the source has called back with for an order; none where it has not."""
        row = SourceAnswer.objects.filter(source_id=self.source_id, order=order).first()
        if row is not None:
            yield from read_lines(current_store(), name=row.store_name, wrapped_key=bytes(row.wrapped_key))

    def forget_answer(self, order: str) -> None:
        """Delete what the source has called back with."""
        with transaction.atomic():
            for row in SourceAnswer.objects.select_for_update().filter(source_id=self.source_id, order=order):
                row.delete()
                doom([row.store_name])

    def _locked_slot(self, name: str) -> SourceSlot:
        """The row, made when there is none; whoever held it before may have taken it away meanwhile."""
        locked = SourceSlot.objects.select_for_update().filter(source_id=self.source_id, key=name)
        while (row := locked.first()) is None:
            empty = SourceSlot(source_id=self.source_id, key=name, kept_sealed={})
            SourceSlot.objects.bulk_create([empty], ignore_conflicts=True)
        return row

    def _budget_row(self) -> None:
        SourceBudget.objects.bulk_create([SourceBudget(source_id=self.source_id)], ignore_conflicts=True)

    def _locked_budget(self) -> SourceBudget:
        locked = SourceBudget.objects.select_for_update().filter(pk=self.source_id)
        row = locked.first()
        if row is None:
            self._budget_row()
            row = locked.get()
        return row


def _closed(row: SourceBudget | None) -> Wait | None:
    """The wait that the source itself asked for, while it lasts."""
    if row is None or row.closed_until is None:
        return None
    left = (row.closed_until - database_now()).total_seconds()
    return Wait(left, told=True) if left > 0 else None


def _stretch(seconds: int, now: datetime) -> int:
    return int(now.timestamp() * STRETCHES / seconds)


def _recent(counts: Counts, seconds: int, now: datetime) -> dict[str, int]:
    """The calls of the stretches that a length of time ending now still touches."""
    oldest = _stretch(seconds, now) - STRETCHES
    held: Mapping[str, int] = counts.get(str(seconds), {})
    return {stretch: number for stretch, number in held.items() if int(stretch) >= oldest}


def _until_free(recent: Mapping[str, int], calls: int, seconds: int, now: datetime) -> float:
    """How long until enough old calls have passed out of the length of time; 0 when there is room."""
    over = sum(recent.values()) - calls + 1
    for stretch in sorted(recent, key=int):
        if over <= 0:
            break
        over -= recent[stretch]
        if over <= 0:
            return max(0.001, (int(stretch) + STRETCHES + 1) * seconds / STRETCHES - now.timestamp())
    return 0.0
