"""The person takes a letter of theirs out, as PDF, as text, or with our signature; a PDF is set first."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.letters.answering import as_download, wanted_form
from requests_app.letters.errors import LetterBeingSet
from requests_app.letters.fetch import letter_of, take_out
from requests_app.letters.models import PdfStands
from requests_app.letters.setting import want_pdf
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.views import for_opened_request


@for_portal_session
@require_POST
@for_opened_request
def letter(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, letter_id: UUID
) -> HttpResponse:
    """Hand out a letter of the request that is open, and of no other one."""
    by, form = Actor.subject(subject_request.reference), wanted_form(request)
    try:
        taken = take_out(subject_request=subject_request, letter_id=letter_id, form=form, by=by, at=now)
    except LetterBeingSet:
        return _wanted(request, subject_request, now, letter_id)
    except DomainError as refusal:
        return _refused(request, refusal)
    return as_download(taken)


@for_portal_session
@require_safe
@for_opened_request
def letter_being_set(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, letter_id: UUID
) -> HttpResponse:
    """Say how far the PDF of a letter is; with a script the page asks again by itself, for that part alone."""
    try:
        found = letter_of(subject_request, letter_id)
    except DomainError as refusal:
        return _refused(request, refusal)
    stands = found.pdf_stands
    context = {
        "letter": found,
        "stands": stands,
        "is_set": stands == PdfStands.SET,
        "waits": stands in (PdfStands.BEING_SET, PdfStands.TRIED_AGAIN),
        "is_given_up": stands == PdfStands.GIVEN_UP,
    }
    template = "letter_how_far" if request.headers.get("HX-Request") else "letter_being_set"
    return render(request, f"portal/{template}.html", context)


def _wanted(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, letter_id: UUID
) -> HttpResponse:
    """No page waits for a letter to be set, which a worker does."""
    try:
        want_pdf(letter_of(subject_request, letter_id), at=now)
    except DomainError as refusal:
        return _refused(request, refusal)
    return redirect("portal:letter-being-set", letter_id)


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return render(request, "portal/letter_gone.html", {"refusal": refusal}, status=refusal.status)
