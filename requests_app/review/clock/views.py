"""The doors of a case's clock: its page, more time, and which law answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.deadlines.explain import for_person
from requests_app.decisions.extend import extend_deadline
from requests_app.decisions.regime import choose_regime
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.review.case import case_context, case_or_404
from requests_app.review.clock import story
from requests_app.review.clock.dates import main_date, other_dates
from requests_app.review.clock.forms import ExtendForm, RegimeForm
from requests_app.review.conflict import conflict_page
from requests_app.roles import Permission

POSTS = ["GET", "HEAD", "POST"]


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def clock(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every date the law sets for this request, how it is counted, and what can still move it."""
    subject_request, now = case_or_404(reference), timezone.now()
    law = jurisdiction(subject_request.regime)
    today = now.astimezone(law.zone).date()
    context = case_context(
        request,
        subject_request,
        tab="clock",
        law=law,
        main=main_date(subject_request, today=today),
        others=other_dates(subject_request, today=today),
        told=for_person(response_deadline(subject_request)),
        log=story.log_of(subject_request),
        moves=story.moves_of(subject_request),
        extension=story.possible_extension(subject_request, at=now),
        effects=story.effects_of(subject_request),
        known_by=story.law_is_known_by(subject_request),
        siblings=story.other_clocks(subject_request),
        may_work=staff_member(request).may(Permission.WORK_CASES),
    )
    return render(request, "clock/clock.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(POSTS)
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the longer term that the law gives, with a reason that the person reads."""
    subject_request, now = case_or_404(reference), timezone.now()
    possible = story.possible_extension(subject_request, at=now)
    names_day = possible.offer is not None and possible.offer.until is None
    posted = request.POST if request.method == "POST" else None
    form = ExtendForm(posted, names_day=names_day, initial={"version": subject_request.version})
    status = 422 if posted is not None else 200
    if posted is not None and form.is_valid():
        try:
            extend_deadline(
                subject_request_id=subject_request.pk,
                reason=form.cleaned_data["reason"],
                until=form.cleaned_data.get("until"),
                by=Actor.staff(staff_member(request)),
                at=now,
                expected_version=form.cleaned_data["version"],
            )
        except CaseChangedMeanwhile as changed:
            return conflict_page(request, subject_request, changed)
        except DomainError as refused:
            form.add_error(None, refused.sentence)
            status = refused.status
        else:
            messages.success(request, _("The person is told of the new date and the reason."))
            return redirect("review:clock", reference=subject_request.reference)
    context = case_context(request, subject_request, tab="clock", form=form, possible=possible)
    return render(request, "clock/extend.html", context, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(POSTS)
def regime(request: HttpRequest, reference: str) -> HttpResponse:
    """Record which law answers, with a reason."""
    subject_request = case_or_404(reference)
    posted = request.POST if request.method == "POST" else None
    form = RegimeForm(posted, subject_request=subject_request, initial={"version": subject_request.version})
    status = 422 if posted is not None else 200
    if posted is not None and form.is_valid():
        try:
            choose_regime(
                subject_request_id=subject_request.pk,
                regime=form.cleaned_data["regime"],
                reason=form.cleaned_data["reason"],
                by=Actor.staff(staff_member(request)),
                at=timezone.now(),
                expected_version=form.cleaned_data["version"],
            )
        except CaseChangedMeanwhile as changed:
            return conflict_page(request, subject_request, changed)
        except DomainError as refused:
            form.add_error(None, refused.sentence)
            status = refused.status
        else:
            messages.success(request, _("The law of this case is recorded, and its date counted again."))
            return redirect("review:clock", reference=subject_request.reference)
    context = case_context(
        request, subject_request, tab="clock", form=form, known_by=story.law_is_known_by(subject_request)
    )
    return render(request, "clock/regime.html", context, status=status)
