"""The doors of the notices of a case: who was told, what they answer, and what a person writes down instead."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.recipients.by_hand import note_ending, note_told, send_again
from fulfillment.recipients.endings import Ending
from fulfillment.recipients.forms import TOLD, OutcomeForm
from fulfillment.recipients.models import RecipientNotice
from fulfillment.recipients.selectors import notices_of
from fulfillment.recipients.shown import shown_notice
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def notices(request: HttpRequest, reference: str) -> HttpResponse:
    """Show whom a case's changes were told to, and how each stands."""
    subject_request = case_or_404(reference)
    now = timezone.now()
    listed = [shown_notice(each, at=now) for each in notices_of(subject_request)]
    context = case_context(
        request,
        subject_request,
        tab="recipients",
        listed=listed,
        waiting=sum(bool(each.needs_person) for each in listed),
        may_record=staff_member(request).may(Permission.WORK_CASES),
    )
    return render(request, "recipients/notices.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show one notice, and take down what came of it."""
    found = _notice_or_404(task_id)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    by = Actor.staff(staff_member(request))
    status = submit(request, form, lambda: _write_down(found, form, by=by), _("Written down. Thank you."))
    if status is None:
        return redirect("recipients:notices", found.subject_request.reference)
    context = case_context(
        request,
        found.subject_request,
        tab="recipients",
        shown=shown_notice(_notice_or_404(task_id), at=timezone.now()),
        form=form,
    )
    return render(request, "recipients/notice.html", context, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def again(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Send a letter again that could not be sent."""
    found = _notice_or_404(task_id)
    by = Actor.staff(staff_member(request))
    tell(
        request,
        lambda: send_again(notice_id=found.pk, by=by, at=timezone.now()),
        _("It is sent again."),
    )
    return redirect("recipients:notices", found.subject_request.reference)


def _write_down(found: RecipientNotice, form: OutcomeForm, *, by: Actor) -> None:
    said, now = form.cleaned_data, timezone.now()
    if said["outcome"] == TOLD:
        note_told(notice_id=found.pk, on=said["on"], by=by, at=now)
    else:
        note_ending(notice_id=found.pk, ending=Ending(said["outcome"]), why=said["why"], by=by, at=now)


def _notice_or_404(task_id: UUID) -> RecipientNotice:
    found = RecipientNotice.objects.select_related("recipient", "subject_request", "ended_by")
    notice = found.prefetch_related("letters").filter(pk=task_id).first()
    if notice is None:
        raise Http404("There is no such notice.")
    return notice
