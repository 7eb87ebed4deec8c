"""Decide what becomes of a whole collection: withhold it for a reason of the case's law, or include it again."""

from datetime import datetime
from uuid import UUID

from fulfillment.findings.decisions.decide import decide
from fulfillment.findings.decisions.models import Action, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.models import Finding
from requests_app.audit.actors import Actor


def withhold_finding(
    *, finding_id: UUID, reason_code: str, note: str = "", by: Actor, at: datetime
) -> Finding:
    """Keep a collection out of the copy. `reason_code` is one of the law's grounds for refusing.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """
    wanted = Wanted(Scope.COLLECTION, Action.WITHHOLD, reason_code=reason_code, note=note)
    decide(finding_id=finding_id, wanted=[wanted], by=by, at=at)
    return Finding.objects.select_related("task__run", "task__source").get(pk=finding_id)


def include_finding(*, finding_id: UUID, by: Actor, at: datetime) -> Finding:
    """Let a collection go into the copy after all. Raises ReviewIsOver, NotPermitted."""
    decide(finding_id=finding_id, wanted=[Wanted(Scope.COLLECTION, Action.INCLUDE)], by=by, at=at)
    return Finding.objects.select_related("task__run", "task__source").get(pk=finding_id)
