"""What a deletion would erase and what it would leave, as the dry run found it; nothing is changed by looking."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dateparse import parse_datetime

from fulfillment.changes.record_holds.models import RecordHold
from fulfillment.changes.record_holds.selectors import record_holds_of
from fulfillment.findings.forms import reason_in_words
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_of
from fulfillment.findings.store import FindingsLost, lines_of
from fulfillment.runs.models import FulfillmentRun, SourceTask
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY

# A page is not held up by looking through more records than that for the newest one.
MOST_LOOKED_THROUGH = 20_000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[^A-Za-z]*Z?)?")


@dataclass(frozen=True)
class DryRunLine:
    """One collection that holds something: what would go, what would stay, and why."""

    source: SourceTask
    mapped: MappedFinding
    why: str
    # Single records that somebody holds; of no matter where all of them stay.
    holds: tuple[RecordHold, ...] = ()

    @property
    def to_erase(self) -> int:
        """How many records would go."""
        found = self.mapped.finding
        return 0 if found.is_withheld else max(found.row_count - len(self.holds), 0)

    @property
    def to_keep(self) -> int:
        """How many would stay."""
        return self.mapped.finding.row_count - self.to_erase

    @property
    def rule(self) -> str:
        """How long the collection is kept, as its map says."""
        retention = self.mapped.collection.retention
        return retention.rule if retention else ""

    @property
    def goes_against_the_map(self) -> bool:
        """Whether it would go although the map says that a law wants it kept."""
        retention = self.mapped.collection.retention
        return bool(retention and retention.keep and self.to_erase)

    @property
    def basis(self) -> str:
        """The legal basis in words."""
        key = self.mapped.collection.legal_basis
        return COMPANY.basis(key).label if key else ""


@dataclass(frozen=True)
class DryRun:
    """The whole of it; `excluded` sources were not looked into, `unsearched` collections cannot be reached."""

    run: FulfillmentRun | None
    lines: tuple[DryRunLine, ...]
    excluded: tuple[SourceTask, ...]
    unsearched: tuple[tuple[SourceTask, MappedFinding], ...]

    @property
    def to_erase(self) -> int:
        """How many records would go."""
        return sum(line.to_erase for line in self.lines)

    @property
    def to_keep(self) -> int:
        """How many would stay."""
        return sum(line.to_keep for line in self.lines)

    @property
    def source_count(self) -> int:
        """From how many sources something would go."""
        return len({line.source.source_id for line in self.lines if line.to_erase})

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why something stays, each reason once."""
        whole = [line.why for line in self.lines if line.mapped.finding.is_withheld]
        return tuple(dict.fromkeys((*whole, *(hold.why for line in self.lines for hold in line.holds))))

    @property
    def against_the_map(self) -> tuple[DryRunLine, ...]:
        """What would go although the map says that it must stay."""
        return tuple(line for line in self.lines if line.goes_against_the_map)

    @property
    def recipients(self) -> tuple[str, ...]:
        """To whom data that go were passed on, in words: they are told (Article 19 GDPR)."""
        return recipient_labels(
            key for line in self.lines if line.to_erase for key in line.mapped.collection.recipients
        )


def dry_run_of(subject_request: SubjectRequest) -> DryRun:
    """The dry run as it stands, with what staff decided to keep."""
    found = findings_of(subject_request)
    return DryRun(
        run=found[0].task.run if found else None,
        lines=tuple(line for part in found for line in _lines(subject_request, part)),
        excluded=tuple(part.task for part in found if part.task.is_excluded),
        unsearched=tuple(
            (part.task, each) for part in found for each in part.findings if each.finding.unsearched
        ),
    )


def newest_record_on(dry_run: DryRun, *, today: date) -> date | None:
    """The newest day, not after today, in a record; None where none has one or there is too much to look through."""
    if sum(line.mapped.finding.row_count for line in dry_run.lines) > MOST_LOOKED_THROUGH:
        return None
    newest: date | None = None
    try:
        for line in dry_run.lines:
            for record in lines_of(line.mapped.finding):
                days = [day for day in _days_in(json.loads(record)) if day <= today]
                newest = max([*days, *([newest] if newest else [])], default=None)
    except FindingsLost:
        return None
    return newest


def recipient_labels(keys: Iterable[str]) -> tuple[str, ...]:
    """Recipients in the words of the policy, each once; a key that the policy lost is shown as it is."""
    known = {each.key: each.label for each in COMPANY.recipients}
    return tuple(dict.fromkeys(known.get(key, key) for key in keys))


def _lines(subject_request: SubjectRequest, part: SourceFindings) -> list[DryRunLine]:
    held = record_holds_of(subject_request)
    return [
        DryRunLine(
            part.task,
            each,
            reason_in_words(subject_request, each.finding) if each.finding.is_withheld else "",
            () if each.finding.is_withheld else held.get((part.task.source_id, each.collection.name), ()),
        )
        for each in part.findings
        if each.finding.row_count
    ]


def _days_in(row: dict[str, object]) -> Iterable[date]:
    for value in row.values():
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            day = _day(value)
            if day is not None:
                yield day


def _day(text: str) -> date | None:
    try:
        moment: datetime | None = parse_datetime(text) if len(text) > len("2026-01-01") else None
        return moment.date() if moment else date.fromisoformat(text[:10])
    except ValueError:
        return None
