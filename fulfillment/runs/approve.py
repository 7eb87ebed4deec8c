"""Approve a plan as it was shown: what is written down for the search goes by those maps and no others."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.runs.models import FulfillmentRun
from fulfillment.runs.selectors import latest_run
from requests_app.audit.actors import Actor
from requests_app.errors import BadInput, DomainError
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform


class PlanChanged(DomainError):
    """Other sources, or other maps, would be gone by than those that were shown."""

    code = "plan_changed"


def approve_search(
    *, subject_request_id: UUID, maps: str, by: Actor, at: datetime, expected_version: int | None = None
) -> FulfillmentRun:
    """Let the search of a plan begin. `maps` is `Plan.maps` as whoever approves has seen it.

    Raises PlanChanged, BadInput for what is no such thing, and what `perform` raises; then nothing has begun.
    """
    shown = _read(maps)
    with transaction.atomic():
        asked = perform(
            subject_request_id=subject_request_id,
            move=Move.APPROVE,
            by=by,
            at=at,
            expected_version=expected_version,
        )
        run = latest_run(asked)
        if run is None:
            raise BadInput("This request asks nothing of the sources.")
        # Of the rows themselves: a map that came into force a moment ago is in them, or will never be.
        _refuse_another(run, shown)
    return run


def _refuse_another(run: FulfillmentRun, shown: Mapping[str, int]) -> None:
    tasks = run.tasks.select_related("source", "map_version")
    written = {task.source.key: task.map_version.number for task in tasks}
    if written == dict(shown):
        return
    labels = {task.source.key: task.source.label for task in tasks}
    changed = [
        f"{labels[key]} is read by data map {number} now"
        if key in shown
        else f"{labels[key]} is searched as well now"
        for key, number in written.items()
        if shown.get(key) != number
    ]
    changed += [f"“{key}” is not searched any more" for key in shown if key not in written]
    raise PlanChanged(
        f"The plan has changed since it was shown: {'; '.join(changed)}. Read it again, then approve."
    )


def _read(maps: str) -> dict[str, int]:
    """By the key of each source, the number of its map."""
    found = {}
    for each in maps.split(","):
        key, _colon, number = each.strip().partition(":")
        if not key or not number.isdecimal():
            raise BadInput(
                "Say which maps were shown, as the plan does: KEY:NUMBER, with commas between them."
            )
        found[key] = int(number)
    return found
