"""The page on which the person answers our question, or tells that a fee is paid."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.decisions.ask import answer_question, say_paid
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.forms import AnswerForm
from requests_app.portal.question import open_question_of
from requests_app.portal.views import for_opened_request


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def question(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Show what we ask, and take the answer."""
    asked = open_question_of(subject_request)
    if asked is None:
        return redirect("portal:status")
    by = Actor.subject(subject_request.reference)
    if asked.is_fee and request.method == "POST":
        say_paid(subject_request_id=subject_request.pk, by=by, at=now)
        return redirect("portal:status")
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            answer = form.cleaned_data["answer"]
            answer_question(subject_request_id=subject_request.pk, answer=answer, by=by, at=now)
        except DomainError as refusal:
            form.add_error("answer", refusal.sentence)
            status = refusal.status
        else:
            return redirect("portal:status")
    context = {"form": form, "asked": asked, "subject_request": subject_request}
    return render(request, "portal/question.html", context, status=status if form.errors else 200)
