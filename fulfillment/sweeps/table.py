"""Sweeps and their traces as the page draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.progress import how_far, is_at_work
from fulfillment.sweeps.states import SweepPurpose
from fulfillment.traces.judge import Kind
from requests_app.leases.models import WorkState

MOST_SHOWN = 100
KIND_WORDS = {
    Kind.OWN.value: (gettext_lazy("Their own record"), ""),
    Kind.MENTION.value: (gettext_lazy("A mention by somebody else"), "info"),
    Kind.SHARED.value: (gettext_lazy("Shared with others"), "warn"),
    Kind.NAMESAKE.value: (gettext_lazy("The name alone"), "hold"),
}
COVERAGE_WORDS = {
    Coverage.NO_TABLE.value: gettext_lazy("The map does not know this table"),
    Coverage.NO_COLUMN.value: gettext_lazy("The map does not know this column"),
    Coverage.NOT_REACHED.value: gettext_lazy("No way of the map leads to this record"),
}

IN_FILES = {
    **COVERAGE_WORDS,
    Coverage.NO_TABLE.value: gettext_lazy("The map does not know this file"),
}


@dataclass(frozen=True)
class TraceRow:
    """One trace: where, what, and the words."""

    trace: Trace
    place: str
    key: str
    kind: str
    tone: str
    coverage: str
    hits: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class SweepPart:
    """One sweep with its traces beyond the map."""

    sweep: Sweep
    state: str
    icon: str
    tone: str
    rows: tuple[TraceRow, ...]
    more: int
    covered: int
    is_check: bool
    may_retry: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the page asks again by itself how far it is."""
        return self.sweep.is_waiting


def sweep_parts(sweeps: Sequence[Sweep], *, at: datetime) -> list[SweepPart]:
    """The sweeps of a case, each with the first of its traces beyond the map."""
    return [sweep_part(each, at=at) for each in sweeps]


def sweep_part(sweep: Sweep, *, at: datetime) -> SweepPart:
    """One sweep, where it stands at this moment, with the first of its traces beyond the map."""
    outside = sweep.traces.exclude(coverage=Coverage.COVERED).order_by("number")
    rows = tuple(_row(each) for each in outside[:MOST_SHOWN])
    covered = sum(line["records"] for line in sweep.tally if line["coverage"] == Coverage.COVERED)
    state, icon, tone = _state(sweep, at)
    is_check = sweep.purpose == SweepPurpose.AFTER_CHANGE
    more = max(outside.count() - MOST_SHOWN, 0)
    return SweepPart(
        sweep, state, icon, tone, rows, more, covered, is_check, sweep.work_state == WorkState.DEAD
    )


def _state(sweep: Sweep, at: datetime) -> tuple[str, str, str]:
    if sweep.is_done:
        return _("Gone through"), "ring-done", "good"
    if sweep.work_state == WorkState.DEAD:
        return sweep.last_error, "ring-bad", "bad"
    if sweep.work_state == WorkState.CANCELLED:
        return _("Stopped"), "ring-skip", ""
    looks = ("ring-half", "info") if is_at_work(sweep, at=at) else ("ring-pause", "hold")
    return how_far(sweep, at=at), *looks


def _row(trace: Trace) -> TraceRow:
    kind, tone = KIND_WORDS[trace.kind]
    place, key = _place(trace)
    words = IN_FILES if "object" in trace.content.get("key", {}) else COVERAGE_WORDS
    return TraceRow(trace, place, key, str(kind), tone, str(words.get(trace.coverage, "")), _hits(trace))


def _place(trace: Trace) -> tuple[str, str]:
    """Where it stands: table and columns with the key below; of a file its name, with line and columns below."""
    key = dict(trace.content.get("key", {}))
    columns = ", ".join(trace.columns)
    name = key.pop("object", "")
    told = ", ".join(f"{part} {value}" for part, value in key.items())
    if not name:
        return f"{trace.table}.{columns}", told
    return name, ", ".join(part for part in (told, columns) if part)


def _hits(trace: Trace) -> list[dict[str, Any]]:
    """What was found, the same words at the same place once; the column is said where there are several."""
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for each in trace.words:
        steps = [*([each["column"]] if len(trace.columns) > 1 and each["way"] else []), *each["way"]]
        way = " › ".join(steps)
        shown.setdefault((way, each["words"]), {**each, "way": way})
    return list(shown.values())
