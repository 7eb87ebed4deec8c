"""The independent look after a deletion: every source that can be gone through is, for all the person was known by."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import searchable_sources
from fulfillment.sweeps.errors import NobodyMeant, SweepRunning
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.selectors import sweeps_of, why_not_swept
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import SweepPurpose
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest


def start_checks(*, subject_request: SubjectRequest, by: Actor, at: datetime) -> list[Sweep]:
    """Begin a sweep of each source that can be gone through; one that is being gone through already goes on.

    Of a source that cannot be gone through it is written down why.
    """
    begun = []
    for source in searchable_sources():
        if why := why_not_swept(source):
            facts = {"source": source.key, "why": why}
            record(event="sweep.not_possible", target=subject_request, by=by, at=at, facts=facts)
        else:
            with suppress(SweepRunning, NobodyMeant):
                begun.append(
                    start_sweep(
                        subject_request=subject_request,
                        source=source,
                        by=by,
                        at=at,
                        purpose=SweepPurpose.AFTER_CHANGE,
                    )
                )
    return begun


def checks_are_open(subject_request: SubjectRequest) -> bool:
    """Whether a look after the deletion still goes on; one that was given up is shown, and holds nothing up."""
    waiting = Sweep.objects.filter(subject_request=subject_request, work_state=WorkState.WAITING)
    return waiting.filter(purpose=SweepPurpose.AFTER_CHANGE).exists()


def unfinished_checks(subject_request: SubjectRequest) -> list[Sweep]:
    """Sources that were not gone through to their end after the deletion: given up, stopped, or still at it."""
    return [
        row
        for row in sweeps_of(subject_request)
        if row.purpose == SweepPurpose.AFTER_CHANGE and not row.is_done
    ]


def not_checked(sources: Iterable[DataSource]) -> list[tuple[DataSource, str]]:
    """Those of the sources that no look after a deletion can go through, each with the reason."""
    return [(each, why) for each in sources if (why := why_not_swept(each))]
