"""The button that exports the evidence of a case."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fulfillment.evidence.export import export_evidence
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_or_404
from requests_app.roles import Permission


@for_staff_who_may(Permission.EXPORT_EVIDENCE)
@require_POST
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down that it was exported, and hand it over; a PDF that cannot be set is an error page."""
    subject_request = case_or_404(reference)
    content = export_evidence(
        subject_request=subject_request, by=Actor.staff(staff_member(request)), at=timezone.now()
    )
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{subject_request.reference}-evidence.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
