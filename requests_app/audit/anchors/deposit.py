"""Leave an anchor in one place, tried again until the place has it."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from requests_app.audit.anchors.errors import PlaceAway, PlaceRefuses
from requests_app.audit.anchors.models import AnchorDeposit
from requests_app.audit.anchors.places import places
from requests_app.audit.anchors.statement import read_statement
from requests_app.leases.lease import take

LEASE = timedelta(seconds=90)
LONGEST_WAIT = timedelta(hours=6)
log = logging.getLogger(__name__)


def leave_anchor(*, deposit_id: UUID | str, at: datetime) -> bool:
    """Leave it. Returns whether it was left now; False when that is done, held by another, or has to wait."""
    lease = take(AnchorDeposit, deposit_id, length=LEASE)
    if lease is None:
        return False
    deposit = AnchorDeposit.objects.select_related("anchor").get(pk=deposit_id)
    place = places().get(deposit.place)
    if place is None or not place.is_configured():
        lease.give_up(error="The settings name this place no more.")
        return False
    try:
        answer = place.leave(read_statement(deposit.anchor.content.encode()))
    except PlaceAway as away:
        log.warning("An anchor of the audit log waits: %s", away.sentence)
        lease.again(after=min(timedelta(minutes=2**lease.attempt), LONGEST_WAIT), error=away.sentence)
        return False
    except PlaceRefuses as refused:
        log.error("An anchor of the audit log was refused: %s", refused.sentence)
        lease.give_up(error=refused.sentence)
        return False
    lease.done(left_at=at, answer=answer)
    return True
