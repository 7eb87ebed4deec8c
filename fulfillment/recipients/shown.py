"""A notice as the staff's page shows it: words for its codes, and who has the next step."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.recipients.endings import Ending
from fulfillment.recipients.letters import sign_of
from fulfillment.recipients.models import RecipientLetter, RecipientNotice, Way
from fulfillment.recipients.remind import MOST_REMINDERS
from fulfillment.recipients.selectors import told_on
from requests_app.leases.models import WorkState

WHAT = {
    "erase": gettext_lazy("Erasure"),
    "correct": gettext_lazy("Correction"),
    "restrict": gettext_lazy("Restriction"),
    "lift_restriction": gettext_lazy("End of the restriction"),
    "restrict_meanwhile": gettext_lazy("Restriction while it is weighed"),
    "lift_meanwhile": gettext_lazy("End of the restriction while it was weighed"),
    "suppress": gettext_lazy("End of the disclosure"),
}
ENDED = {
    Ending.DONE: ("ring-done", "good"),
    Ending.NOT_HELD: ("ring-done", "good"),
    Ending.CANNOT: ("ring-bad", "bad"),
    Ending.IMPOSSIBLE: ("ring-skip", ""),
    Ending.DISPROPORTIONATE: ("ring-skip", ""),
}


@dataclass(frozen=True)
class ShownNotice:
    """One recipient: what it is told, how it stands, and whether somebody has to do something."""

    notice: RecipientNotice
    sign: str
    what: str
    how: str
    concerns: tuple[str, ...]
    told_on: date | None
    state: str
    icon: str
    kind: str
    needs_person: str
    may_send_again: bool


def shown_notice(notice: RecipientNotice, *, at: datetime) -> ShownNotice:
    """Return a notice for a page."""
    letters = list(notice.letters.all())
    needs = _needs_person(notice, letters, at=at)
    state, icon, kind = _stands(notice, needs)
    return ShownNotice(
        notice=notice,
        sign=sign_of(notice),
        what=str(WHAT.get(notice.kind, notice.kind)),
        how=str(Way(notice.recipient.way).label) if notice.recipient else str(Way.BY_HAND.label),
        concerns=tuple(dict.fromkeys(label for _place, label in notice.places)),
        told_on=told_on(notice),
        state=state,
        icon=icon,
        kind=kind,
        needs_person=needs,
        may_send_again=not notice.is_ended and any(each.work_state == WorkState.DEAD for each in letters),
    )


def _needs_person(notice: RecipientNotice, letters: list[RecipientLetter], *, at: datetime) -> str:
    """Why somebody has to look, as a sentence; empty where nobody has."""
    if notice.is_ended:
        return ""
    if notice.told_on is None and notice.by_hand_because:
        return notice.by_hand_because
    dead = next((each for each in letters if each.work_state == WorkState.DEAD), None)
    if dead is not None:
        return _("The letter could not be sent. %(why)s") % {"why": dead.last_error}
    if notice.reminders >= MOST_REMINDERS and notice.remind_at is not None and notice.remind_at <= at:
        return _("It was reminded and has not answered. Ask again by another way.")
    return ""


def _stands(notice: RecipientNotice, needs: str) -> tuple[str, str, str]:
    if notice.ending:
        ending = Ending(notice.ending)
        icon, kind = ENDED[ending]
        return str(ending.label), icon, kind
    if needs:
        return _("For a person"), "alert", "warn"
    if told_on(notice) is None:
        return _("Is being sent"), "ring", "info"
    if notice.remind_at is not None:
        day = date_format(notice.remind_at, "j F Y")
        return _("Told; a reminder goes out on %(day)s") % {"day": day}, "ring-half", "info"
    return _("Told; no answer yet"), "ring-half", "info"
