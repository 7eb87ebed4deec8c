"""Which single records of a request are on hold."""

from collections import defaultdict
from uuid import UUID

from fulfillment.changes.record_holds.models import RecordHold
from requests_app.lifecycle.models import SubjectRequest

Place = tuple[UUID, str]


def record_holds_of(subject_request: SubjectRequest) -> dict[Place, tuple[RecordHold, ...]]:
    """The holds that stand, by source and collection, the oldest first."""
    found: dict[Place, list[RecordHold]] = defaultdict(list)
    for hold in RecordHold.objects.filter(subject_request=subject_request, lifted_at=None):
        found[hold.source_id, hold.collection].append(hold)
    return {place: tuple(holds) for place, holds in found.items()}
