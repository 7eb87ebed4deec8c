"""Which sources a decision concerns, and what each is to do: read from the findings, the data maps, the request."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fulfillment.changes.compare import Compared, compare, sources_with_leftovers
from fulfillment.changes.instructions import Instructions, ToChange, ToCorrect, ToKeep, ToTakeOut
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.changes.record_holds.selectors import record_holds_of
from fulfillment.datamaps.datamap import Collection
from fulfillment.findings.forms import reason_in_words
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_of
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import searchable_sources
from fulfillment.sweeps.models import Trace
from fulfillment.sweeps.selectors import words_to_take_out
from fulfillment.sweeps.states import SweepPurpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import (
    Correction,
    Objection,
    Restriction,
    WithdrawnConsent,
    particulars_of,
)
from requests_app.lifecycle.states import RequestState
from requests_app.lifecycle.weighed import THE_DECISION, purposes_that_stop

# What a lifting takes back.
TAKES_BACK = {
    ChangeKind.LIFT_RESTRICTION: ChangeKind.RESTRICT,
    ChangeKind.LIFT_MEANWHILE: ChangeKind.RESTRICT_MEANWHILE,
}


@dataclass(frozen=True)
class Planned:
    """One change to be asked for; without a source it is for the privacy team."""

    source: DataSource | None
    instructions: Instructions


def planned_changes(subject_request: SubjectRequest, kind: ChangeKind) -> list[Planned]:
    """What a decision asks of each source."""
    if kind is ChangeKind.ERASE:
        return list(_erasures(subject_request))
    if kind in TAKES_BACK:
        return _liftings(subject_request, TAKES_BACK[kind])
    return list(_by_map(subject_request, kind))


def _erasures(subject_request: SubjectRequest) -> Iterator[Planned]:
    comparison = compare(subject_request)
    again = sources_with_leftovers(comparison) if comparison else None
    purpose = SweepPurpose.REVIEW if again is None else SweepPurpose.AFTER_CHANGE
    traces = words_to_take_out(subject_request, purpose)
    for part in findings_of(subject_request):
        source, said = part.task.source, Instructions()
        if again is not None:
            if source.pk in again:
                said = _again(subject_request, part, again[source.pk])
        elif part.task.is_excluded:
            said = Instructions(unsearched=part.task.excluded_because)
        elif goes := [each for each in part.findings if _goes(each)]:
            said = _erasure(subject_request, part, goes)
        if not said.unsearched:
            said = said.model_copy(update={"words": _words(traces.get(source.pk, ()))})
        if said.unsearched or said.is_something_to_do:
            yield Planned(source, said)


def _words(traces: Iterable[Trace]) -> tuple[ToTakeOut, ...]:
    by_table: dict[str, list[str]] = {}
    for each in traces:
        by_table.setdefault(each.table, []).append(str(each.pk))
    return tuple(ToTakeOut(table=table, traces=tuple(found)) for table, found in by_table.items())


def _goes(mapped: MappedFinding) -> bool:
    return mapped.finding.row_count > 0 and not mapped.finding.is_withheld


def _erasure(
    subject_request: SubjectRequest, part: SourceFindings, goes: list[MappedFinding]
) -> Instructions:
    kept = _kept(subject_request, part)
    single = Counter(each.name for each in kept if each.key is not None)
    return Instructions(
        collections=tuple(
            ToChange(
                name=each.collection.name,
                label=each.collection.label,
                rows=max(each.finding.row_count - single[each.collection.name], 0),
            )
            for each in goes
        ),
        keep=kept,
        recipients=tuple(dict.fromkeys(key for each in goes for key in each.collection.recipients)),
    )


def _again(
    subject_request: SubjectRequest, part: SourceFindings, lines: tuple[Compared, ...]
) -> Instructions:
    return Instructions(
        collections=tuple(
            ToChange(
                name=line.name, label=line.label, rows=line.left if line.now is not None else line.before
            )
            for line in lines
            if line.name
        ),
        keep=_kept(subject_request, part),
        unsearched=next((line.why for line in lines if line.now is None), ""),
    )


def _kept(subject_request: SubjectRequest, part: SourceFindings) -> tuple[ToKeep, ...]:
    """Whole collections that staff or the map withheld, then the single records that somebody holds."""
    whole = tuple(
        ToKeep(
            name=each.collection.name,
            label=each.collection.label,
            rows=each.finding.row_count,
            why=reason_in_words(subject_request, each.finding),
            rule=each.collection.retention.rule if each.collection.retention else "",
        )
        for each in part.findings
        if each.finding.is_withheld and each.finding.row_count
    )
    held = record_holds_of(subject_request)
    labels = {each.collection.name: each.collection.label for each in part.findings}
    single = tuple(
        ToKeep(name=name, label=label, rows=1, why=hold.why, key=hold.key, until=hold.until)
        for name, label in labels.items()
        if name not in {each.name for each in whole}
        for hold in held.get((part.task.source_id, name), ())
    )
    return whole + single


def _liftings(subject_request: SubjectRequest, kind: ChangeKind) -> list[Planned]:
    """Only what was restricted is used again; purposes that the person won stay as they are and stop for good."""
    done = ChangeTask.objects.filter(subject_request=subject_request, kind=kind, state=ChangeState.DONE)
    latest = {task.source_id: task for task in done.select_related("source").order_by("attempt")}
    planned = [Planned(task.source, task.instructions) for task in latest.values()]
    if subject_request.right != "objection" or subject_request.state != RequestState.EXECUTING:
        return planned
    won = purposes_that_stop(subject_request)
    lost = tuple(each for each in Objection.of(subject_request).purposes if each not in won)
    narrowed = [(each.source, each.instructions.model_copy(update={"purposes": lost})) for each in planned]
    return [Planned(*each) for each in narrowed] if lost else []


def _by_map(subject_request: SubjectRequest, kind: ChangeKind) -> Iterator[Planned]:
    said = particulars_of(subject_request)
    purposes = _purposes(subject_request, kind)
    fields = _fields(said, kind) if isinstance(said, Correction) else ()
    wish = said.what if isinstance(said, Restriction) else ""
    if subject_request.right == "automated_decision":
        found = subject_request.weighed.filter(item=THE_DECISION).first()
        yield Planned(None, Instructions(wish=found.change if found else ""))
        return
    for source in searchable_sources():
        concerned = [
            each
            for each in source.map_in_force.data_map.collections
            if _is_concerned(each, subject_request.right, purposes)
        ]
        if concerned:
            yield Planned(
                source,
                Instructions(
                    collections=tuple(ToChange(name=each.name, label=each.label) for each in concerned),
                    fields=fields,
                    purposes=purposes,
                    recipients=tuple(dict.fromkeys(key for each in concerned for key in each.recipients)),
                    wish=wish,
                ),
            )


def _purposes(subject_request: SubjectRequest, kind: ChangeKind) -> tuple[str, ...]:
    """All that are named while they are weighed; afterwards those that the person won."""
    said = particulars_of(subject_request)
    if isinstance(said, Objection):
        return said.purposes if kind is ChangeKind.RESTRICT_MEANWHILE else purposes_that_stop(subject_request)
    return said.consents if isinstance(said, WithdrawnConsent) else ()


def _fields(said: Correction, kind: ChangeKind) -> tuple[ToCorrect, ...]:
    """Fields that were rejected are not corrected; while they are weighed, all of them are restricted."""
    wanted = [
        each for each in said.fields if each.decision != "reject" or kind is ChangeKind.RESTRICT_MEANWHILE
    ]
    return tuple(ToCorrect(field=each.field, wrong=each.wrong, right=each.right) for each in wanted)


def _is_concerned(collection: Collection, right: str, purposes: tuple[str, ...]) -> bool:
    if collection.rights and right not in collection.rights:
        return False
    # A collection whose purposes nobody wrote down may serve any.
    return not purposes or not collection.purposes or not set(purposes).isdisjoint(collection.purposes)
