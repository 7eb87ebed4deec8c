"""The page on which an answer is appealed against: one text, one button."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.decisions.appeal import no_appeal_because, open_appeal
from requests_app.decisions.ways import appeal_until
from requests_app.errors import DomainError
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.forms import AppealForm
from requests_app.portal.sessions import open_portal
from requests_app.portal.views import for_opened_request


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def appeal(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Ask for another decision by somebody else; the page of the appeal opens at once."""
    if no_appeal_because(subject_request):
        return redirect("portal:status")
    form = AppealForm(request.POST if request.method == "POST" else None)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_appeal(
                subject_request_id=subject_request.pk,
                reason=form.cleaned_data["reason"],
                by=Actor.subject(subject_request.reference),
                at=now,
            )
        except DomainError as refusal:
            form.add_error("reason", refusal.sentence)
            status = refusal.status
        else:
            # The code of the first request showed that the mailbox is theirs, and it is the same one.
            open_portal(request, reference=opened.reference, at=now)
            return redirect("portal:status")
    until = appeal_until(subject_request)
    context = {
        "form": form,
        "subject_request": subject_request,
        "until": until,
        "is_late": until is not None and day_of(subject_request, now) > until,
    }
    return render(request, "portal/appeal.html", context, status=status if form.errors else 200)
