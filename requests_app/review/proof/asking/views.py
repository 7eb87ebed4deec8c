"""The doors to asking for more proof and to what is noted about it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.identity.ask import ask_more_proof, choose_points, mark_sensitive, note_shown_paper
from requests_app.identity.lapse import lessen, may_be_lessened
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.review.case import case_context, case_or_404
from requests_app.review.conflict import conflict_page
from requests_app.review.proof import shown
from requests_app.review.proof.forms import AskMoreForm, PointsForm, ShownForm
from requests_app.roles import Permission


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_more(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for more proof, with the doubt behind it."""
    subject_request = case_or_404(reference)
    if request.method != "POST":
        form = AskMoreForm(subject_request=subject_request, initial={"version": subject_request.version})
        return _ask_page(request, subject_request, form)
    form = AskMoreForm(request.POST, subject_request=subject_request)
    if not form.is_valid():
        return _ask_page(request, subject_request, form, status=422)
    try:
        ask_more_proof(
            subject_request_id=subject_request.pk,
            level=IdentityLevel(form.cleaned_data["level"]),
            reason=form.cleaned_data["reason"],
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            expected_version=form.cleaned_data["version"],
        )
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _ask_page(request, subject_request, form, status=refused.status)
    messages.success(request, _("Done: the person is asked for more proof."))
    return redirect("review:identity", subject_request.reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def lesser(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the lesser answer of the law, after a question."""
    subject_request = case_or_404(reference)
    by = Actor.staff(staff_member(request))
    if request.method == "POST":
        return _done(
            request,
            subject_request,
            lambda: lessen(subject_request_id=subject_request.pk, by=by, at=timezone.now()),
            _("Done: the case goes on with the lesser answer."),
        )
    context = case_context(
        request,
        subject_request,
        tab="identity",
        facts=FACTS[Move.LESSEN],
        possible=may_be_lessened(subject_request, by=by),
        demand=shown.demand_of(subject_request),
    )
    return render(request, "review/proof/lesser.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def sensitive(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark the data of a case as sensitive, or as usual."""
    subject_request = case_or_404(reference)
    return _done(
        request,
        subject_request,
        lambda: mark_sensitive(
            subject_request_id=subject_request.pk,
            is_sensitive=request.POST.get("is_sensitive") == "yes",
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
        ),
        _("Done: what the table demands was looked up again."),
    )


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def points(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose what the person is asked."""
    subject_request, form = case_or_404(reference), PointsForm(request.POST)
    return _done(
        request,
        subject_request,
        lambda: choose_points(
            subject_request_id=subject_request.pk,
            points=form.cleaned_data["points"] if form.is_valid() else [],
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
        ),
        _("Done: the person is asked these points."),
    )


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """Note a mandate or a guardian's paper that was shown elsewhere."""
    subject_request, form = case_or_404(reference), ShownForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was shown, by whom and when."))
        return redirect("review:identity", subject_request.reference)
    return _done(
        request,
        subject_request,
        lambda: note_shown_paper(
            subject_request_id=subject_request.pk,
            key=form.cleaned_data["key"],
            shown=form.cleaned_data["shown"],
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
        ),
        _("Done: the paper is noted and accepted."),
    )


def _done(
    request: HttpRequest, subject_request: SubjectRequest, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do it, and say so on the tab, or say there why not."""
    try:
        act()
    except DomainError as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, said)
    return redirect("review:identity", subject_request.reference)


def _ask_page(
    request: HttpRequest, subject_request: SubjectRequest, form: AskMoreForm, *, status: int = 200
) -> HttpResponse:
    effect = jurisdiction(subject_request.regime).clock.identity
    context = case_context(
        request,
        subject_request,
        tab="identity",
        form=form,
        facts=FACTS[Move.ASK_MORE_PROOF],
        effect=effect,
        demand=shown.demand_of(subject_request),
    )
    return render(request, "review/proof/ask_more.html", context, status=status)
