"""The letters of a case: what each says while the name is shown, and each taken out as a file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.letters.answering import as_download, wanted_form
from requests_app.letters.errors import LetterBeingSet
from requests_app.letters.fetch import letter_of, take_out
from requests_app.letters.kinds import label_of
from requests_app.letters.languages import name_of
from requests_app.letters.models import PdfStands
from requests_app.letters.selectors import letters_of
from requests_app.letters.setting import want_pdf
from requests_app.lifecycle.models import SubjectRequest
from requests_app.panels import Slot, panels_in
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def case_letters(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every letter; its words only while the person's name is shown."""
    subject_request = case_or_404(reference)
    return _shown(request, subject_request)


@for_staff_who_may(Permission.REVEAL_PERSON)
@require_POST
def case_letter(request: HttpRequest, reference: str, letter_id: UUID) -> HttpResponse:
    """Hand a letter out as a file: it names the person, so that this is written down like every look at a name."""
    subject_request = case_or_404(reference)
    by, form = Actor.staff(staff_member(request)), wanted_form(request)
    try:
        taken = take_out(
            subject_request=subject_request, letter_id=letter_id, form=form, by=by, at=timezone.now()
        )
    except LetterBeingSet:
        tell(
            request,
            lambda: want_pdf(letter_of(subject_request, letter_id), at=timezone.now()),
            str(PdfStands.BEING_SET.label),
        )
        return redirect("review:letters", subject_request.reference)
    except DomainError as refusal:
        messages.error(request, refusal.sentence, extra_tags="bad")
        return redirect("review:letters", subject_request.reference)
    return as_download(taken)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def case_letter_live(request: HttpRequest, reference: str, letter_id: UUID) -> HttpResponse:
    """Say how far the PDF of one letter is; the page asks every two seconds while it is being set."""
    subject_request = case_or_404(reference)
    try:
        found = letter_of(subject_request, letter_id)
    except DomainError as unknown:
        raise Http404(unknown.sentence) from unknown
    return render(request, "letters/live.html", {"letter": found, "reference": reference, "announce": True})


def _shown(request: HttpRequest, subject_request: SubjectRequest) -> HttpResponse:
    member = staff_member(request)
    rows = letters_of(subject_request)
    letters = [(letter, label_of(letter.kind), name_of(letter.language)) for letter in rows]
    context = case_context(
        request,
        subject_request,
        tab="letters",
        letters=letters,
        may_take_out=member.may(Permission.REVEAL_PERSON),
        panels=panels_in(Slot.CASE_LETTERS, request, subject_request),
    )
    return render(request, "letters/case.html", context)
