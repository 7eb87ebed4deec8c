"""The pages of what was written to the person: all of it, and sending again what could not be delivered."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.correspondence.notices import Notice
from requests_app.decisions.send_again import send_again, undelivered
from requests_app.review.case import case_context, case_or_404
from requests_app.review.masking import masked_address
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def case_messages(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what was written to the person; the text only while their name is shown."""
    subject_request = case_or_404(reference)
    may_send = staff_member(request).may(Permission.WORK_CASES)
    context = case_context(
        request,
        subject_request,
        tab="messages",
        written=subject_request.messages.order_by("-written_at"),
        may_go_again={each.pk for each in undelivered(subject_request)} if may_send else (),
    )
    return render(request, "review/messages.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, reference: str, message_id: UUID) -> HttpResponse:
    """Ask once more before a message is sent again, and send it."""
    subject_request = case_or_404(reference)
    message = subject_request.messages.filter(pk=message_id).first()
    if message is None:
        raise Http404("There is no such message.")
    if request.method == "POST":
        by, now = Actor.staff(staff_member(request)), timezone.now()
        tell(
            request,
            lambda: send_again(message_id=message_id, by=by, at=now),
            _("It is on its way again."),
        )
        return redirect("review:messages", reference)
    if message not in undelivered(subject_request):
        messages.error(request, _("This message is not one to send again."), extra_tags="bad")
        return redirect("review:messages", reference)
    context = case_context(
        request,
        subject_request,
        tab="messages",
        message=message,
        has_code=message.notice == Notice.CONFIRM_IDENTITY,
        has_moved=subject_request.state_since > message.written_at,
    )
    shown = context["case"].is_revealed
    context["address"] = message.to_address if shown else masked_address(message.to_address)
    return render(request, "review/send_again.html", context)
