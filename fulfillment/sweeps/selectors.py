"""Questions about sweeps."""

from typing import Any
from uuid import UUID

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.states import SweepPurpose, TraceDecision
from fulfillment.traces.judge import Kind
from requests_app.lifecycle.models import SubjectRequest


def sweeps_of(subject_request: SubjectRequest) -> list[Sweep]:
    """The newest sweep of each source and purpose, in the order of the sources."""
    rows = Sweep.objects.filter(subject_request=subject_request).select_related("source", "map_version")
    newest: dict[tuple[object, str], Sweep] = {}
    for row in rows.order_by("started_at"):
        newest[row.source_id, row.purpose] = row
    return sorted(newest.values(), key=lambda row: (row.source.position, row.source.label, row.purpose))


def traces_to_decide(subject_request: SubjectRequest) -> int:
    """How many traces that the map does not cover wait for a person."""
    sweeps = [row.pk for row in sweeps_of(subject_request)]
    waiting = Trace.objects.filter(sweep__in=sweeps, decision=TraceDecision.OPEN)
    return waiting.exclude(coverage="covered").count()


def accepted_traces(subject_request: SubjectRequest) -> list[Trace]:
    """What a person found to be about the person, beyond what the map gives."""
    sweeps = [row.pk for row in sweeps_of(subject_request) if row.purpose == SweepPurpose.REVIEW]
    found = Trace.objects.filter(sweep__in=sweeps, decision=TraceDecision.ACCEPTED).exclude(
        coverage="covered"
    )
    return list(found.select_related("sweep__source").order_by("sweep__source__position", "number"))


def words_to_take_out(subject_request: SubjectRequest, purpose: SweepPurpose) -> dict[UUID, list[Trace]]:
    """By source that can do it: what was accepted as about the person, where no way of a map leads."""
    sweeps = [
        row for row in sweeps_of(subject_request) if row.purpose == purpose and _takes_words_out(row.source)
    ]
    accepted = Trace.objects.filter(sweep__in=sweeps, decision=TraceDecision.ACCEPTED)
    found: dict[UUID, list[Trace]] = {}
    for trace in accepted.exclude(coverage="covered").select_related("sweep").order_by("sweep", "number"):
        found.setdefault(trace.sweep.source_id, []).append(trace)
    return found


def left_after_change(subject_request: SubjectRequest) -> list[Trace]:
    """What sweeps after a deletion found of the person, and nobody has put aside yet; namesakes do not count."""
    sweeps = [row.pk for row in sweeps_of(subject_request) if row.purpose == SweepPurpose.AFTER_CHANGE]
    found = Trace.objects.filter(sweep__in=sweeps, kind__in=(Kind.OWN, Kind.MENTION))
    # What the map finds is told by the second search, which also knows what is kept.
    found = found.exclude(coverage="covered")
    return list(found.exclude(decision=TraceDecision.REFUSED).select_related("sweep__source"))


def _takes_words_out(source: DataSource) -> bool:
    return source.kind in CONNECTORS and CONNECTORS.get(source.kind).takes_words_out


def why_not_swept(source: DataSource) -> str:
    """Why the records of this source cannot be gone through one by one; empty where they can."""
    if source.kind not in CONNECTORS:
        return f"Nothing is installed that could go through {source.label}."
    connector: type[Connector[Any]] = CONNECTORS.get(source.kind)
    return connector.why_not_swept(source.map_in_force.data_map)


def can_be_swept(source: DataSource) -> bool:
    """Whether the records of this source can be gone through one by one."""
    return not why_not_swept(source)
