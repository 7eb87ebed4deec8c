"""Send a member of staff once more the mail that could not be delivered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.errors import NotToBeSentAgain
from requests_app.errors import NotPermitted
from requests_app.leases.models import WorkState
from requests_app.leases.revive import back_in_line
from requests_app.reminders.mails import DIGEST
from requests_app.reminders.models import StaffMail
from requests_app.roles import Permission, permissions_of
from requests_app.signals import staff_mail_waits


def undelivered_staff_mails() -> list[StaffMail]:
    """The mails to staff that were given up and still have their point, newest first.

    Nobody needs yesterday's digest once there is a newer one, unless something new stood in it; nor does anybody who
    has left.
    """
    dead = StaffMail.objects.filter(work_state=WorkState.DEAD, member__is_active=True)
    found = dead.select_related("member").prefetch_related("reminders").order_by("-written_at", "-id")
    return [mail for mail in found if mail.reminders.all() or not _is_overtaken(mail)]


def count_undelivered() -> int:
    """How many that are; asked for every page of the staff, so one small question where there are none."""
    if not StaffMail.objects.filter(work_state=WorkState.DEAD).exists():
        return 0
    return len(undelivered_staff_mails())


def send_staff_mail_again(*, mail_id: UUID, by: Actor, at: datetime) -> None:
    """Let a mail go once more, as it was written and under its own Message-ID. Raises NotPermitted, NotToBeSentAgain.

    It goes to the address that the person has now: the old one may be why it failed.
    """
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    with transaction.atomic():
        mail = next((each for each in undelivered_staff_mails() if each.pk == mail_id), None)
        if mail is None or not back_in_line(mail):
            raise NotToBeSentAgain(
                "This mail is not one to send again: it was sent, is on its way, or its reader has left."
            )
        mail.to_address = mail.member.email
        mail.save(update_fields=["to_address"])
        staff_mail_waits.send(StaffMail, mail=mail)
        record(event="message.tried_again", target=mail.member, by=by, at=at, facts={"notice": mail.notice})


def _is_overtaken(mail: StaffMail) -> bool:
    newer = StaffMail.objects.filter(member=mail.member_id, notice=DIGEST, written_at__gt=mail.written_at)
    return mail.notice == DIGEST and newer.exists()
