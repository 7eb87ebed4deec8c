"""The doors of a case: its tabs, showing who it is about, and the one confirm page of every move."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.decisions.parts import parts_of
from requests_app.decisions.propose import propose_decision
from requests_app.decisions.send_again import undelivered
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.second_person import proposals
from requests_app.panels import Slot, panels_in
from requests_app.reminders.selectors import reminders_to_come, reminders_told
from requests_app.review.case import CaseIsPurged, case_context, case_or_404, purged_or_404
from requests_app.review.conflict import conflict_page
from requests_app.review.forms import MoveForm
from requests_app.review.history import DECISIONS, happenings
from requests_app.review.navigation import page_of
from requests_app.review.next_step import next_step
from requests_app.review.related import duplicate_hint, related_rows
from requests_app.review.retention.purged import purged_case
from requests_app.review.reveal import reveal_person
from requests_app.review.second_person import as_proposed, must_be_proposed
from requests_app.review.words import language_name
from requests_app.roles import Permission

ON_OVERVIEW = 12


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the overview: what is next, the sources while they run, what happened; of a purged one that it was."""
    try:
        subject_request, member = case_or_404(reference), staff_member(request)
    except CaseIsPurged:
        return render(request, "review/purged.html", purged_case(purged_or_404(reference)))
    context = case_context(
        request,
        subject_request,
        tab="overview",
        next=next_step(subject_request, member),
        panels=panels_in(Slot.CASE_SOURCES, request, subject_request),
        history=happenings(subject_request)[:ON_OVERVIEW],
        notes=subject_request.person_notes.order_by("-written_at"),
        duplicate=duplicate_hint(subject_request, member),
        undelivered=undelivered(subject_request),
        related=related_rows(subject_request),
        proof=IdentityLevel(subject_request.identity_level),
        language=language_name(subject_request.language),
        may_take=member.may(Permission.ASSIGN) and subject_request.assignee_id != member.pk,
        may_audit=member.may(Permission.SEE_AUDIT),
    )
    return render(request, "review/case.html", context)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def decisions(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what staff decided, and who, and of what they were reminded."""
    subject_request = case_or_404(reference)
    # What was weighed repeats what the person wrote: it is for those who may see what the sources found.
    may_read = staff_member(request).may(Permission.SEE_FINDINGS)
    context = case_context(
        request,
        subject_request,
        tab="decisions",
        history=happenings(subject_request, only=DECISIONS),
        decided=parts_of(subject_request) if may_read else [],
        told=reminders_told(subject_request),
        to_come=reminders_to_come(subject_request, at=timezone.now()),
    )
    return render(request, "review/decisions.html", context)


@for_staff_who_may(Permission.SEE_AUDIT)
@require_safe
def audit(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything that was recorded about the case."""
    subject_request = case_or_404(reference)
    context = case_context(
        request,
        subject_request,
        tab="audit",
        history=happenings(subject_request),
        panels=panels_in(Slot.CASE_AUDIT, request, subject_request),
    )
    return render(request, "review/audit.html", context)


@for_staff_who_may(Permission.REVEAL_PERSON)
@require_POST
def show_name(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who the request is about for ten minutes, and record it."""
    subject_request = case_or_404(reference)
    reveal_person(
        subject_request=subject_request,
        by=Actor.staff(staff_member(request)),
        at=timezone.now(),
        session=request.session,
    )
    here, back = reverse("review:case", args=[subject_request.reference]), request.POST.get("back", "")
    return redirect(back if back.startswith(here) else here)


@for_staff_who_may(Permission.SEE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Ask once more before a move, and make it."""
    subject_request = case_or_404(reference)
    if name not in Move.values:
        raise Http404("There is no such move.")
    wanted = Move(name)
    page = page_of(wanted)
    if page is not None and page.only_there:
        return redirect(page.url_name, subject_request.reference)
    if request.method != "POST":
        initial = {"version": subject_request.version, **as_proposed(subject_request, wanted)}
        form = MoveForm(wanted, subject_request=subject_request, initial=initial)
        return _confirm(request, subject_request, wanted, form)
    form = MoveForm(wanted, request.POST, subject_request=subject_request)
    if not form.is_valid():
        return _confirm(request, subject_request, wanted, form, status=422)
    decision: dict[str, Any] = {
        "subject_request_id": subject_request.pk,
        "move": wanted,
        "by": Actor.staff(staff_member(request)),
        "at": timezone.now(),
        "reason": form.cleaned_data.get("reason", ""),
        "expected_version": form.cleaned_data["version"],
        "given": form.given,
    }
    proposes = must_be_proposed(subject_request, wanted, by=decision["by"], given=form.given)
    try:
        propose_decision(**decision) if proposes else perform(**decision)
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _confirm(request, subject_request, wanted, form, status=refused.status)
    said = _("Proposed: %(move)s. Another person decides it.") if proposes else _("Done: %(move)s.")
    messages.success(request, said % {"move": wanted.label})
    return redirect("review:case", reference=subject_request.reference)


def _confirm(
    request: HttpRequest, subject_request: SubjectRequest, wanted: Move, form: MoveForm, *, status: int = 200
) -> HttpResponse:
    by = Actor.staff(staff_member(request))
    context = case_context(
        request,
        subject_request,
        tab="overview",
        move=wanted,
        facts=FACTS[wanted],
        form=form,
        proposes=must_be_proposed(subject_request, wanted, by=by),
        proposed=proposals(subject_request, wanted),
    )
    return render(request, "review/move.html", context, status=status)
