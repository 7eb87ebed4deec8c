"""The page for whoever was second: somebody has moved the case since it was opened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.case import case_context, case_or_404
from requests_app.review.history import happenings


def conflict_page(
    request: HttpRequest, subject_request: SubjectRequest, changed: CaseChangedMeanwhile
) -> HttpResponse:
    """Say what has happened since, and that nothing of what was sent was done."""
    fresh = case_or_404(subject_request.reference)
    history = happenings(fresh)[:5]
    context = case_context(request, fresh, tab="overview", sentence=changed.sentence, history=history)
    return render(request, "review/conflict.html", context, status=changed.status)
