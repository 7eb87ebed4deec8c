"""Holds that this app knows: changes held back, and single records that a dispute keeps in their source."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from fulfillment.changes.hold_days import prolong_hold
from fulfillment.changes.holding import lift_hold_by_key
from fulfillment.changes.models import ChangeHold
from fulfillment.changes.record_holds.hold import lift_record_hold, prolong_record_hold
from fulfillment.changes.record_holds.models import RecordHold
from requests_app.lifecycle.standing_holds import (
    HoldFamily,
    StandingHold,
    first_day_that_lasts,
    lasting_of,
)


def _changes(requests: Collection[UUID] | None, at: datetime) -> Iterator[StandingHold]:
    for hold in ChangeHold.objects.filter(_that_stand(requests, at)).select_related("set_by"):
        yield _shown(hold, CHANGES.key, _("What is still to be changed"))


def _records(requests: Collection[UUID] | None, at: datetime) -> Iterator[StandingHold]:
    found = RecordHold.objects.filter(_that_stand(requests, at)).select_related("set_by", "source")
    for hold in found:
        place = {"collection": hold.collection, "source": hold.source.label}
        yield _shown(hold, RECORDS.key, _("A record of %(collection)s in %(source)s") % place)


def _that_stand(requests: Collection[UUID] | None, at: datetime) -> Q:
    lasting = Q(lifted_at=None) & (Q(until=None) | Q(until__gte=first_day_that_lasts(at)))
    return lasting if requests is None else lasting & Q(subject_request__in=requests)


def _shown(hold: ChangeHold | RecordHold, family: str, what: str) -> StandingHold:
    return StandingHold(
        family=family,
        key=hold.pk,
        request_id=hold.subject_request_id,
        what=what,
        why=hold.why,
        set_at=hold.set_at,
        set_by=hold.set_by.display_name,
        lasting=lasting_of(until=hold.until, look_again_on=hold.look_again_on, set_at=hold.set_at),
    )


CHANGES = HoldFamily("changes", _changes, lift_hold_by_key, prolong_hold)
RECORDS = HoldFamily("records", _records, lift_record_hold, prolong_record_hold)
