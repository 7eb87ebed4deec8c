"""Complete a deletion: what is gone is gone, what stays has its reason, and how it ends follows from that."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.changes.compare import Comparison, compare
from fulfillment.changes.errors import ResultNotClean
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform


def complete_deletion(
    *, subject_request_id: UUID, reason: str, by: Actor, at: datetime, expected_version: int | None = None
) -> SubjectRequest:
    """Close a deletion after its second search. Raises ResultNotClean, and what `perform` raises.

    Where something is left that should be gone, or a source was not searched once more, staff say why.
    """
    with transaction.atomic():
        comparison = compare(locked(subject_request_id))
        if (comparison is None or not comparison.is_clean) and not reason.strip():
            raise ResultNotClean(
                "Something is left, or was not searched once more. Have it carried out again, or say why the request "
                "ends like this: the person reads it."
            )
        return perform(
            subject_request_id=subject_request_id,
            move=Move.COMPLETE,
            by=by,
            at=at,
            reason=reason.strip(),
            expected_version=expected_version,
            given={"outcome": outcome_of(comparison)},
        )


def outcome_of(comparison: Comparison | None) -> Outcome:
    """Granted only where everything was searched and nothing is left; what the law keeps makes it partly.

    Where neither search found anything there was nothing to delete, and we do not say that we deleted.
    """
    if comparison is None or not comparison.is_clean or comparison.kept:
        return Outcome.PARTLY
    return Outcome.NOT_CHANGED if comparison.found_nothing else Outcome.GRANTED
