"""Kept traces as the engine gives them, so that a page and the command show both alike."""

from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Found
from fulfillment.sweeps.looker import SeenHit
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.traces.judge import Kind
from fulfillment.traces.person import Identifier


def found_of(sweep: Sweep) -> list[Found]:
    """Every kept trace of a sweep."""
    return [found_in(trace) for trace in sweep.traces.all()]


def found_in(trace: Trace) -> Found:
    """One kept trace."""
    hits = tuple(
        SeenHit(Identifier(each["by"], ""), each["column"], tuple(each["way"]), each["whole"], each["words"])
        for each in trace.words
    )
    key = trace.content.get("key", {})
    return Found(trace.table, tuple(trace.columns), Kind(trace.kind), Coverage(trace.coverage), key, hits)
