"""Take what a person makes of traces: about the person, or not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.sweeps.errors import TraceClosed, UnknownTrace
from fulfillment.sweeps.models import Trace
from fulfillment.sweeps.states import SweepPurpose, TraceDecision
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState

# Between the end of the review and the hand-over the copy holds what was accepted.
IN_A_COPY = frozenset({RequestState.PREPARING, RequestState.AWAITING_RELEASE, RequestState.READY})
# What a deletion takes out of words of others was laid before whoever approves it.
IN_A_DELETION = frozenset(
    {RequestState.AWAITING_APPROVAL, RequestState.WAITING_PERIOD, RequestState.EXECUTING}
)


def decide_traces(
    *,
    subject_request: SubjectRequest,
    trace_ids: Sequence[UUID],
    decision: TraceDecision,
    note: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """Decide traces of a request. Returns how many. Raises UnknownTrace and TraceClosed."""
    with transaction.atomic():
        subject_request = locked(subject_request.pk)
        wanted = Trace.objects.select_for_update(of=("self",)).select_related("sweep__source")
        traces = list(wanted.filter(sweep__subject_request=subject_request, pk__in=trace_ids))
        if not traces or len(traces) != len(set(trace_ids)):
            raise UnknownTrace("A trace that was ticked is not part of this request.")
        if subject_request.is_closed:
            raise TraceClosed("The request is closed: what was decided stays.")
        if subject_request.state in IN_A_COPY and any(_is_for_the_copy(each) for each in traces):
            raise TraceClosed(
                "The copy was put together with what was decided. Send it back to review to change that."
            )
        if subject_request.state in IN_A_DELETION:
            raise TraceClosed(
                "What is taken out is decided before the deletion is approved. Send it back to change that, or wait "
                "until it was carried out."
            )
        Trace.objects.filter(pk__in=[each.pk for each in traces]).update(
            decision=decision, note=note.strip(), decided_by_id=by.staff_id, decided_at=at
        )
        for source in {each.sweep.source.key for each in traces}:
            count = sum(each.sweep.source.key == source for each in traces)
            facts = {"source": source, "count": count, "decision": str(decision)}
            record(event="sweep.decided", target=subject_request, by=by, at=at, facts=facts)
    return len(traces)


def _is_for_the_copy(trace: Trace) -> bool:
    return trace.sweep.purpose == SweepPurpose.REVIEW
