"""What keeps a request from being forgotten on its day: holds, appeals that are open, work that a source still owes."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.standing_holds import Lasting, standing_holds
from requests_app.lifecycle.states import CLOSED
from requests_app.open_work import oldest_open_work
from requests_app.retention.base import Stage


def held_because(requests: Collection[UUID], stage: Stage, *, at: datetime) -> dict[UUID, str]:
    """Return why each of these requests is not forgotten then; those that nothing holds are left out."""
    why: dict[UUID, str] = {}
    if stage is Stage.RECORD:
        why |= dict.fromkeys(oldest_open_work(requests), _("Work is still open for this request."))
    why |= _with_open_appeals(requests)
    # A request of many holds stays for the one that lasts longest.
    longest_first = sorted(
        standing_holds(requests, at=at), key=lambda each: each.lasting.until or date.max, reverse=True
    )
    for hold in longest_first:
        why.setdefault(hold.request_id, f"{hold.what}: {_how_long(hold.lasting)}")
    return why


def _how_long(lasting: Lasting) -> str:
    if lasting.until is not None:
        return _("on hold until %(day)s.") % {"day": formats.date_format(lasting.until, "j F Y")}
    return _("on hold without a last day.")


def _with_open_appeals(requests: Collection[UUID]) -> dict[UUID, str]:
    """Whoever decides an appeal, or what follows from it, needs what it is about."""
    found = SubjectRequest.objects.filter(linked_to__in=requests, link__in=(Link.APPEAL, Link.FOLLOW_UP))
    open_ones = found.exclude(state__in=CLOSED).values_list("linked_to_id", "reference")
    return {
        key: _("%(reference)s, which follows from this request, is still open.") % {"reference": reference}
        for key, reference in open_ones
        if key is not None
    }
