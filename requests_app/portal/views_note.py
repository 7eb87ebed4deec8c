"""The page on which the person objects to the end of their restriction, or tells us something about it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.decisions.note import may_write, write_note
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.forms import NoteForm
from requests_app.portal.restriction import lifted_on
from requests_app.portal.views import for_opened_request


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def note(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Take the person's words and keep them on the case."""
    if not may_write(subject_request):
        return redirect("portal:status")
    form = NoteForm(request.POST if request.method == "POST" else None)
    status = 422
    if request.method == "POST" and form.is_valid():
        by, words = Actor.subject(subject_request.reference), form.cleaned_data["words"]
        try:
            write_note(subject_request_id=subject_request.pk, words=words, by=by, at=now)
        except DomainError as refusal:
            form.add_error("words", refusal.sentence)
            status = refusal.status
        else:
            return redirect("portal:status")
    context = {"form": form, "subject_request": subject_request, "lifted_on": lifted_on(subject_request)}
    return render(request, "portal/note.html", context, status=status if form.errors else 200)
