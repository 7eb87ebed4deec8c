"""The pages on which a case is passed on, joined with another one, or contested by a letter or a call."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.decisions.appeal import no_appeal_because, open_appeal
from requests_app.decisions.forward import pass_on
from requests_app.decisions.ways import appeal_until
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import Channel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.selectors import others_like
from requests_app.review.case import case_context, case_or_404
from requests_app.review.conflict import conflict_page
from requests_app.review.ending_forms import ForwardForm, JoinForm, LetterOfAppealForm
from requests_app.roles import Permission

METHODS = ["GET", "HEAD", "POST"]


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(METHODS)
def forward(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass a request on to the organisation that decides."""
    subject_request = case_or_404(reference)
    form = ForwardForm(request.POST or None, initial={"version": subject_request.version})
    if request.method != "POST" or not form.is_valid():
        return _page(request, subject_request, Move.FORWARD, form)
    given = form.cleaned_data
    try:
        pass_on(
            subject_request_id=subject_request.pk,
            name=given["name"],
            contact=given["contact"],
            reason=given["reason"],
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            expected_version=given["version"],
        )
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _page(request, subject_request, Move.FORWARD, form, status=refused.status)
    return _done(request, subject_request, _("Passed on. The person was told who decides."))


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(METHODS)
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a request in favour of another open one of the same person for the same right."""
    subject_request = case_or_404(reference)
    others = list(others_like(subject_request))
    form = JoinForm(request.POST or None, others=others, initial={"version": subject_request.version})
    later = [each for each in others if each.response_due_on > subject_request.response_due_on]
    context: dict[str, Any] = {"later": later, "others": others}
    if request.method != "POST" or not form.is_valid():
        return _page(request, subject_request, Move.JOIN, form, **context)
    try:
        perform(
            subject_request_id=subject_request.pk,
            move=Move.JOIN,
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
            given={"linked_to_id": form.cleaned_data["linked_to_id"]},
        )
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _page(request, subject_request, Move.JOIN, form, status=refused.status, **context)
    return _done(request, subject_request, _("Joined. The person was told that both are answered together."))


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(METHODS)
def take_appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Take in an appeal that came by letter, by mail or on the phone."""
    subject_request = case_or_404(reference)
    now = timezone.now()
    zone = jurisdiction(subject_request.regime).zone
    answered_on = (subject_request.closed_at or now).astimezone(zone).date()
    form = LetterOfAppealForm(
        request.POST or None, not_before=answered_on, not_after=now.astimezone(zone).date()
    )
    status = 422
    if request.method == "POST" and form.is_valid():
        noon = datetime.combine(form.cleaned_data["received_on"], time(12), tzinfo=zone)
        try:
            opened = open_appeal(
                subject_request_id=subject_request.pk,
                reason=form.cleaned_data["reason"],
                by=Actor.staff(staff_member(request)),
                at=now,
                channel=Channel(form.cleaned_data["channel"]),
                received_at=min(noon, now),
            )
        except DomainError as refused:
            form.add_error(None, refused.sentence)
            status = refused.status
        else:
            return _done(request, opened, _("The appeal is taken in. The person was told."))
    context = case_context(
        request,
        subject_request,
        tab="overview",
        form=form,
        until=appeal_until(subject_request),
        sentence=no_appeal_because(subject_request),
    )
    return render(request, "review/take_appeal.html", context, status=status if form.errors else 200)


def _page(
    request: HttpRequest,
    subject_request: SubjectRequest,
    move: Move,
    form: ForwardForm | JoinForm,
    *,
    status: int = 422,
    **more: Any,
) -> HttpResponse:
    context = case_context(
        request, subject_request, tab="overview", move=move, facts=FACTS[move], form=form, **more
    )
    return render(request, f"review/{move.value}.html", context, status=status if form.errors else 200)


def _done(request: HttpRequest, subject_request: SubjectRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("review:case", reference=subject_request.reference)
