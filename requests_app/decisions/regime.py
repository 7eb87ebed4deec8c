"""Record which law answers for a request, where the place alone says it wrongly or not at all."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.deadlines.events import local_day
from requests_app.deadlines.terms import require_right
from requests_app.decisions.allowed import (
    count_version,
    require_case_worker,
    require_reason,
)
from requests_app.decisions.errors import NothingToExtend, SameRegime
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import jurisdiction, regimes, right_code
from requests_app.lifecycle.clock import count_again, counted_right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked, require_unchanged

CAUSE = "regime_chosen"


def choose_regime(
    *,
    subject_request_id: UUID,
    regime: str,
    reason: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Let another law answer for the request, and tell the person if that moves the date.

    Raises RoleMayNotDecide, ReasonMissing, CaseChangedMeanwhile, NothingToExtend, UnknownRegime, RightNotGranted,
    SameRegime.
    """
    require_case_worker(by)
    words = require_reason(reason)
    law = jurisdiction(regime)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        require_unchanged(subject_request, expected_version)
        if not subject_request.state_facts.clock_runs:
            raise NothingToExtend("This request is answered; the law it was answered under stays.")
        before = subject_request.regime
        if regime == before and subject_request.regime_is_chosen:
            raise SameRegime("This law answers for the request already.")
        received_on = local_day(subject_request.received_at, law.zone)
        require_right(law, right_code(counted_right(subject_request)), received_on)
        count_version(subject_request)
        subject_request.regime, subject_request.regime_is_chosen = regime, True
        SubjectRequest.objects.filter(pk=subject_request.pk).update(regime=regime, regime_is_chosen=True)
        facts = {"from": before, "to": regime}
        record(event="request.regime_chosen", target=subject_request, by=by, at=at, facts=facts)
        count_again(subject_request, cause=CAUSE, at=at, reason=words)
        return locked(subject_request_id)


def laws_granting(subject_request: SubjectRequest) -> list[Jurisdiction]:
    """Return every law that grants the right of this request on the day it arrived, by name."""
    right = right_code(counted_right(subject_request))
    found = [law for law in map(jurisdiction, regimes()) if law.grants(right, subject_request.received_at)]
    return sorted(found, key=lambda law: law.name)
