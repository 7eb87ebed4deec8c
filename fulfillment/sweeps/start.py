"""Begin a sweep: the row of work that a worker, or the command, takes."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from fulfillment.sources.models import DataSource
from fulfillment.sweeps.errors import NobodyMeant, SweepRunning, SweepsOver
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.person import known_of
from fulfillment.sweeps.states import SweepPurpose
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest


def start_sweep(
    *,
    subject_request: SubjectRequest,
    source: DataSource,
    by: Actor,
    at: datetime,
    purpose: SweepPurpose = SweepPurpose.REVIEW,
) -> Sweep:
    """Write down that a source is to be gone through for whom a request means.

    Raises SweepRunning, NobodyMeant, SweepsOver.
    """
    if subject_request.is_closed:
        raise SweepsOver("The request is closed: nothing is looked for any more.")
    person = known_of(subject_request)
    if len(person.identifiers) == len(person.names):
        raise NobodyMeant(
            "Nothing that the person is known by was accepted yet, and by a name alone nobody is looked for."
        )
    try:
        with transaction.atomic():
            sweep = Sweep.objects.create(
                subject_request=subject_request,
                source=source,
                map_version=source.map_in_force,
                purpose=purpose,
                identifiers=[asdict(each) for each in person.identifiers],
                started_at=at,
            )
            facts = {"source": source.key, "identifiers": len(person.identifiers)}
            record(event="sweep.started", target=subject_request, by=by, at=at, facts=facts)
    except IntegrityError:
        raise SweepRunning(f"{source.label} is being gone through for this request already.") from None
    return sweep
