"""Staff have a further certificate written, from the letters of a case."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fulfillment.changes.certify.write import certify_anew, may_be_certified
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.case import case_or_404
from requests_app.roles import Permission

TEMPLATE = "changes/certify.html"


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def certify(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a further certificate with what is known now."""
    subject_request = case_or_404(reference)
    by = Actor.staff(staff_member(request))
    try:
        letter = certify_anew(subject_request_id=subject_request.pk, by=by, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence, extra_tags="bad")
    else:
        messages.success(request, _("It is letter %(number)s.") % {"number": letter.number})
    return redirect("review:letters", subject_request.reference)


def certify_panel(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """Above the letters of a case, for those who may have one written."""
    if not staff_member(request).may(Permission.WORK_CASES) or not may_be_certified(subject_request):
        return None
    return {"reference": subject_request.reference}
