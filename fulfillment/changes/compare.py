"""What a deletion left: the dry run beside the second search, collection by collection."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.translation import get_language

from fulfillment.changes.by_connector.receipts import Receipted, receipted
from fulfillment.changes.record_holds.models import RecordHold
from fulfillment.changes.record_holds.selectors import record_holds_of
from fulfillment.connectors.changing import Kept
from fulfillment.datamaps.datamap import Collection
from fulfillment.datamaps.languages import words_in
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_in
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.selectors import latest_run_for
from fulfillment.runs.states import RunPurpose
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.check import not_checked, unfinished_checks
from fulfillment.sweeps.selectors import left_after_change
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.standing_holds import lasting_of


class Result(StrEnum):
    """What the second search says of a collection."""

    GONE = "gone"
    KEPT = "kept"
    LEFT = "left"
    NOT_SEARCHED = "not_searched"


@dataclass(frozen=True)
class Stay:
    """Records that stay whole, or of which single `fields` stay, by their labels: why, and until when if known.

    Of a hold without a last day, `look_again_on` is when somebody looks at it again.
    """

    rows: int
    why: str
    until: date | None = None
    fields: tuple[str, ...] = ()
    look_again_on: date | None = None


@dataclass(frozen=True)
class Compared:
    """One collection. `before` and `now` are None where it was not searched; `why` says why not.

    `masked` rows stay with their values taken away, as the source's receipt says; `takes_values` says that rows of
    this collection are never deleted. `stays` says why records stay whole, or single fields of those that are masked.
    """

    source: DataSource
    name: str
    label: str
    before: int | None
    kept: int
    now: int | None
    why: str = ""
    first: MappedFinding | None = None
    collection: Collection | None = None
    masked: int = 0
    takes_values: bool = False
    stays: tuple[Stay, ...] = ()

    @property
    def left(self) -> int:
        """How many records are there that should not be."""
        return max((self.now or 0) - self.kept - self.masked, 0)

    @property
    def gone(self) -> int:
        """How many records say nothing of the person any more: not there, or masked; never those that stay."""
        return max((self.before or 0) - self.kept - self.left, 0)

    @property
    def emptied(self) -> int:
        """How many of those that are gone stay as rows without the person."""
        return self.gone if self.takes_values else 0

    @property
    def kept_fields(self) -> tuple[Stay, ...]:
        """The fields that stay although the rest of their record was taken away."""
        return tuple(each for each in self.stays if each.fields)

    @property
    def kept_records(self) -> tuple[Stay, ...]:
        """The records that stay whole, as far as the source said why."""
        return tuple(each for each in self.stays if not each.fields)

    @property
    def result(self) -> Result:
        """What the second search says; never "gone" of what was not searched."""
        if self.now is None:
            return Result.NOT_SEARCHED
        if self.left:
            return Result.LEFT
        return Result.KEPT if self.kept or self.kept_fields else Result.GONE


@dataclass(frozen=True)
class Comparison:
    """Everything that was found before or after, and the run that looked for it again.

    `traces` counts the records with traces that sweeps found beyond the maps, `unswept` are the sources where that
    failed. `not_swept` are those whose kind has nothing to go through, each with the reason: that holds nothing up, and
    is said.
    """

    lines: tuple[Compared, ...]
    run: FulfillmentRun
    traces: int = 0
    unswept: tuple[str, ...] = ()
    not_swept: tuple[tuple[DataSource, str], ...] = ()

    @property
    def leftovers(self) -> tuple[Compared, ...]:
        """The collections where something is left."""
        return tuple(each for each in self.lines if each.result is Result.LEFT)

    @property
    def not_searched(self) -> tuple[Compared, ...]:
        """What nobody looked into once more."""
        return tuple(each for each in self.lines if each.result is Result.NOT_SEARCHED)

    @property
    def kept(self) -> tuple[Compared, ...]:
        """The collections that stay, or of which a field does."""
        return tuple(each for each in self.lines if each.kept or each.kept_fields)

    @property
    def found_nothing(self) -> bool:
        """Whether both searches came back empty; what was never searched for at first may have been there."""
        return all(each.before == 0 and not each.now for each in self.lines)

    @property
    def is_clean(self) -> bool:
        """Whether every source was searched and nothing is left but what must be kept."""
        return not (self.leftovers or self.not_searched or self.traces or self.unswept)


def compare(subject_request: SubjectRequest) -> Comparison | None:
    """Lay the last second search of a request beside its dry run; None while there is none."""
    again = latest_run_for(subject_request, RunPurpose.VERIFICATION)
    before = latest_run_for(subject_request, RunPurpose.SEARCH)
    if again is None or before is None:
        return None
    earlier = {part.task.source_id: part for part in findings_in(before)}
    receipts = receipted(subject_request)
    lines = [
        line
        for part in findings_in(again)
        for line in _lines(part.task, part, earlier.get(part.task.source_id))
    ]
    held = record_holds_of(subject_request)
    told = [_with_holds(line, held.get((line.source.pk, line.name), ())) for line in lines]
    told = [_with_receipt(line, receipts.get((line.source.pk, line.name))) for line in told]
    told = [_with_looks(line, held.get((line.source.pk, line.name), ())) for line in told]
    traces = len(left_after_change(subject_request))
    unswept = tuple(each.source.label for each in unfinished_checks(subject_request))
    # Those of that time: a source that was connected since is no gap of this deletion.
    searched = DataSource.objects.filter(tasks__run=again).prefetch_related("map_versions")
    return Comparison(tuple(told), again, traces, unswept, tuple(not_checked(searched)))


def _with_receipt(line: Compared, said: Receipted | None) -> Compared:
    """What the source kept by a rule of its map is kept, and said so, field by field."""
    if said is None:
        return line
    return replace(
        line,
        kept=max(line.kept, said.kept),
        masked=said.masked,
        takes_values=said.takes_values,
        stays=_all_stays(line, said),
    )


def _with_holds(line: Compared, holds: tuple[RecordHold, ...]) -> Compared:
    """Single records that somebody held stay by that, also where a person erased the rest by hand."""
    if not holds or line.kept:
        return line
    stays = Counter((each.why, each.until) for each in holds)
    return replace(
        line,
        kept=min(len(holds), line.before or len(holds)),
        stays=tuple(Stay(rows, why, until) for (why, until), rows in stays.items()),
    )


def _with_looks(line: Compared, holds: tuple[RecordHold, ...]) -> Compared:
    """No source knows when somebody looks at a hold again: a receipt repeats why the record stays, and no more."""
    looks: dict[str, date] = {}
    for hold in holds:
        day = lasting_of(until=hold.until, look_again_on=hold.look_again_on, set_at=hold.set_at).look_again_on
        if day is not None:
            looks[hold.why] = min(day, looks.get(hold.why, day))
    stays = (
        each if each.until or each.fields else replace(each, look_again_on=looks.get(each.why))
        for each in line.stays
    )
    return replace(line, stays=tuple(stays))


def _all_stays(line: Compared, said: Receipted) -> tuple[Stay, ...]:
    """What the source says, and holds of which it says nothing: it may keep the same record for a reason of its own."""
    found = tuple(_stay(each, line) for each in said.stays)
    reasons = {(each.why, each.until) for each in found}
    return found + tuple(each for each in line.stays if (each.why, each.until) not in reasons)


def _stay(kept: Kept, line: Compared) -> Stay:
    known = line.collection.by_name if line.collection else {}
    labels = tuple(known[name].label if name in known else name for name in kept.fields)
    # A receipt repeats the rule of the map, in the words that the map was written in.
    words = words_in(line.first.finding.task.map_version.data_map, get_language() or "") if line.first else {}
    return Stay(kept.rows, words.get(kept.why, kept.why), kept.until, labels)


def _lines(task: SourceTask, now: SourceFindings, before: SourceFindings | None) -> list[Compared]:
    firsts = {each.collection.name: each for each in before.findings} if before else {}
    if task.work_state != WorkState.DONE:
        return _unsearched(task, firsts)
    return [
        line
        for each in now.findings
        if (line := _line(task.source, each, firsts.get(each.collection.name))) is not None
    ]


def _line(source: DataSource, now: MappedFinding, first: MappedFinding | None) -> Compared | None:
    before = first.finding.row_count if first else None
    if not before and not now.finding.row_count:
        return None
    kept = first.finding.row_count if first and first.finding.is_withheld else 0
    name, label = now.collection.name, now.collection.label
    rows = now.finding.row_count
    return Compared(source, name, label, before, kept, rows, first=first, collection=now.collection)


def _unsearched(task: SourceTask, firsts: dict[str, MappedFinding]) -> list[Compared]:
    why = task.excluded_because or task.last_error
    found = [
        Compared(
            task.source,
            name,
            each.collection.label,
            each.finding.row_count,
            _kept(each.finding),
            None,
            why,
            each,
            each.collection,
        )
        for name, each in firsts.items()
        if each.finding.row_count
    ]
    return found or [Compared(task.source, "", "", None, 0, None, why)]


def _kept(finding: Finding) -> int:
    return finding.row_count if finding.is_withheld else 0


def sources_with_leftovers(comparison: Comparison) -> dict[UUID, tuple[Compared, ...]]:
    """The lines that ask for another attempt, by source."""
    found: dict[UUID, tuple[Compared, ...]] = {}
    for line in (*comparison.leftovers, *comparison.not_searched):
        found[line.source.pk] = (*found.get(line.source.pk, ()), line)
    return found
