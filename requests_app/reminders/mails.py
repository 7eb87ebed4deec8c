"""One mail for a member of staff: everything that has just escalated, or the digest of the day with that in it."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from requests_app.accounts.models import StaffMember
from requests_app.correspondence.write import new_message_id
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.reminders.digest import PER_SECTION, Line, line_of, sections_for
from requests_app.reminders.models import Digest, ReminderTold, StaffMail
from requests_app.reminders.plans import is_behind
from requests_app.reminders.recipients import Desk
from requests_app.signals import staff_mail_waits

REMINDER, DIGEST = "staff_reminder", "staff_digest"


def write_staff_mail(desk: Desk, *, at: datetime) -> None:
    """Write each member of staff at most one mail: what is new for them, in the digest where that is due."""
    here = [member.pk for member in desk.members]
    # Whoever has left since, or works on no case any more, is told of none.
    ReminderTold.objects.filter(mail=None).exclude(member__in=here).delete()
    waiting = set(ReminderTold.objects.filter(mail=None).values_list("member_id", flat=True))
    local = at.astimezone(COMPANY.zone)
    had = set(Digest.objects.filter(day=local.date()).values_list("member_id", flat=True))
    # A digest speaks for the whole day: it waits until every request was looked at.
    is_morning = local.hour >= COMPANY.reminders.hour and not is_behind(at=at)
    for member in desk.members:
        if member.pk in waiting or (is_morning and member.pk not in had):
            _write_to(member, with_digest=is_morning, at=at)


@transaction.atomic
def _write_to(member: StaffMember, *, with_digest: bool, at: datetime) -> None:
    """Write to one person under a lock on them: two ticks at once do not write the same."""
    mine = StaffMember.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=member.pk)
    if not mine.exists():
        return
    new = list(
        ReminderTold.objects.filter(mail=None, member=member).select_related("reminder__subject_request")
    )
    day = at.astimezone(COMPANY.zone).date()
    digest = None
    if with_digest and not Digest.objects.filter(member=member, day=day).exists():
        digest = Digest(member=member, day=day)
    sections = sections_for(member, at=at) if digest is not None else []
    if new or sections:
        mail = _mail(member, DIGEST if sections else REMINDER, _lines(new, at=at), sections, at=at)
        ReminderTold.objects.filter(pk__in=[each.pk for each in new]).update(mail=mail)
        if digest is not None:
            digest.mail = mail
    if digest is not None:
        digest.save(force_insert=True)


def _lines(new: Sequence[ReminderTold], *, at: datetime) -> list[Line]:
    """One line for each case, the most urgent first."""
    notes: dict[SubjectRequest, list[list[str]]] = {}
    for each in new:
        row = each.reminder
        notes.setdefault(row.subject_request, []).append([row.kind, row.about.isoformat()])
    urgent = sorted(notes, key=lambda case: (case.response_due_on, case.reference))
    return [line_of(case, notes[case], at=at) for case in urgent]


def _mail(
    member: StaffMember, notice: str, new: Sequence[Line], sections: Sequence[object], *, at: datetime
) -> StaffMail:
    context = {
        "new": new[:PER_SECTION],
        "count": len(new),
        "more": max(len(new) - PER_SECTION, 0),
        "sections": sections,
        "company": COMPANY,
        "today": at.astimezone(COMPANY.zone).date(),
        "queue_url": f"{settings.PUBLIC_URL}/staff/",
        "language": settings.LANGUAGE_CODE,
    }
    folder = f"emails/{notice}"
    with translation.override(settings.LANGUAGE_CODE):
        mail = StaffMail.objects.create(
            member=member,
            notice=notice,
            to_address=member.email,
            subject=" ".join(render_to_string(f"{folder}/subject.txt", context).split()),
            text=_tidy(render_to_string(f"{folder}/body.txt", context)),
            html=render_to_string(f"{folder}/body.html", context),
            rfc_message_id=new_message_id(),
            written_at=at,
        )
    staff_mail_waits.send(StaffMail, mail=mail)
    return mail


def _tidy(text: str) -> str:
    """Loops leave gaps in a text; one empty line between two cases is enough."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
