"""Whose turn it is at a source: one that fails is left alone for a while, one that is slow is not asked by all at once.

The rows are the truth, so that it holds for the workers of all machines together.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from fulfillment.runs.models import SourceTask
from fulfillment.sources.models import DataSource
from requests_app.leases.models import WorkState

# How long the one that tries a rested source may take before another may try.
PROBE = timedelta(minutes=1)
SHORT_WAIT_MS = 1000


def wait_for_turn(task: SourceTask) -> timedelta | None:
    """How long a leased task has to wait before it may ask its source; None when it is its turn now."""
    if task.source.rests_until is not None and (rest := _rest(task.source)) is not None:
        return rest
    if task.source.most_at_once is not None and not _takes_place(task):
        return timedelta(milliseconds=SHORT_WAIT_MS + secrets.randbelow(SHORT_WAIT_MS))
    return None


def _rest(source: DataSource) -> timedelta | None:
    """What is left of a rest. When it is over, exactly one asks the source; the others wait for what it finds."""
    rested = DataSource.objects.filter(pk=source.pk, rests_until__lte=Now())
    if rested.update(rests_until=Now() + PROBE):
        return None
    left = (
        DataSource.objects.filter(pk=source.pk, rests_until__gt=Now())
        .annotate(left=F("rests_until") - Now())
        .values_list("left", flat=True)
        .first()
    )
    # A few seconds more for some, so that not all of them come back in the same moment.
    return None if left is None else left + timedelta(milliseconds=secrets.randbelow(3000))


def _takes_place(task: SourceTask) -> bool:
    """Take one of the source's places, if there is one: counted and taken under the lock of the source's row."""
    with transaction.atomic():
        source = DataSource.objects.select_for_update().get(pk=task.source_id)
        at_work = SourceTask.objects.filter(
            Q(source=source, has_place=True, work_state=WorkState.WAITING, leased_until__gt=Now())
        ).exclude(pk=task.pk)
        is_free = source.most_at_once is None or at_work.count() < source.most_at_once
        SourceTask.objects.filter(pk=task.pk).update(has_place=is_free)
    return is_free
