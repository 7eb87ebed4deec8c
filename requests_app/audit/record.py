"""Record an entry in the audit log."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.db.models.functions import Now

from requests_app.audit import events
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry


def type_of(target: Model) -> str:
    """The name under which rows of this kind stand in the log; proxies share the name of their table's model."""
    model = target._meta.concrete_model or type(target)
    return str(model._meta.model_name)


def facts_in(written: str) -> dict[str, Any]:
    """The facts of an entry; none where somebody put there what never was one, which the check of the chain names."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def record(
    *, event: str, target: Model, by: Actor, at: datetime, facts: Mapping[str, object] | None = None
) -> None:
    """Write down that something happened, in the caller's transaction.

    `facts` are plain values without personal data; they fill the event's sentence. Raises UnknownEvent for a name
    that no app registered.
    """
    events.require(event)
    AuditEntry.objects.create(
        at=at,
        recorded_at=Now(),
        actor_kind=by.kind,
        actor_key=by.key,
        event=event,
        target_type=type_of(target),
        target_id=str(target.pk),
        facts=json.dumps(dict(facts or {}), sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    )
