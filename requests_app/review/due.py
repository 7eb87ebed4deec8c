"""How a due date is shown: a ring, the date and the days; colour never alone."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.lifecycle.models import SubjectRequest

SOON_DAYS = 7
THREE_WEEKS = 21


@dataclass(frozen=True)
class Due:
    """What the due component draws, and the same in one phrase for a CSV."""

    icon: str
    kind: str
    text: str
    small: str


def due_of(subject_request: SubjectRequest, *, today: date) -> Due:
    """Return how near the legal date of a request is."""
    due_on = subject_request.response_due_on
    text = date_format(due_on, "j M" if due_on.year == today.year else "j M Y")
    if not subject_request.state_facts.clock_runs:
        return Due("ring-done", "", _("Answered"), _("was due %(date)s") % {"date": text})
    days = (due_on - today).days
    if days < 0:
        late = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return Due("ring-bad", "bad", text, late)
    left = (
        _("due today")
        if days == 0
        else ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    )
    if days <= SOON_DAYS:
        return Due("ring-half", "warn", text, left)
    return Due("ring-q" if days < THREE_WEEKS else "ring", "", text, left)
