"""The page of mails to staff that could not be delivered, and the button that sends one again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.reminders.send_again import send_staff_mail_again, undelivered_staff_mails
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.WORK_CASES)
@require_safe
def staff_mails(request: HttpRequest) -> HttpResponse:
    """Show which colleagues a mail did not reach, and why."""
    return render(request, "review/staff_mails.html", {"undelivered": undelivered_staff_mails()[:200]})


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def staff_mail_again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send one of them again."""
    by, now = Actor.staff(staff_member(request)), timezone.now()
    tell(
        request,
        lambda: send_staff_mail_again(mail_id=message_id, by=by, at=now),
        _("It is on its way again."),
    )
    return redirect("review:staff_mails")
