"""The door of every deciding page: show what the person said, take the decisions, carry them out."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.lifting import earliest_lifting
from requests_app.decisions.parts import parts_of
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import particulars_of
from requests_app.lifecycle.permissions import not_permitted
from requests_app.review.case import case_context, case_or_404
from requests_app.review.conflict import conflict_page
from requests_app.review.weighing.forms import DecidingForm
from requests_app.review.weighing.pages import LIFTING, DecidingPage, page_for
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the deciding page of a case, or go back to the case when nothing is to be decided now."""
    subject_request, by, now = case_or_404(reference), Actor.staff(staff_member(request)), timezone.now()
    page = page_for(subject_request)
    if page is None:
        return redirect("review:case", subject_request.reference)
    if request.method != "POST":
        record(event="particulars.read", target=subject_request, by=by, at=now)
        initial = {"on": earliest_lifting(subject_request, at=now)} if page is LIFTING else {}
        form = page.form(subject_request=subject_request, initial=initial)
        return _show(request, subject_request, page, form)
    form = page.form(request.POST, subject_request=subject_request)
    if not form.is_valid():
        return _show(request, subject_request, page, form, status=422)
    return _carry_out(request, subject_request, page, form, by=by, at=now)


def _carry_out(
    request: HttpRequest,
    subject_request: SubjectRequest,
    page: DecidingPage,
    form: DecidingForm,
    *,
    by: Actor,
    at: datetime,
) -> HttpResponse:
    try:
        page.carry_out(subject_request, form, by, at)
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _show(request, subject_request, page, form, status=refused.status)
    messages.success(request, str(page.done))
    # Named or kept parts are decided on the same page; what was decided goes on with the case.
    still = page_for(case_or_404(subject_request.reference)) is not None
    return redirect("review:decide" if still else "review:case", subject_request.reference)


def _show(
    request: HttpRequest,
    subject_request: SubjectRequest,
    page: DecidingPage,
    form: DecidingForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = case_context(
        request,
        subject_request,
        tab="overview",
        page=page,
        form=form,
        said=particulars_of(subject_request),
        decided=parts_of(subject_request),
        cannot=not_permitted(page.move, Actor.staff(staff_member(request))),
    )
    return render(request, "weighing/decide.html", context, status=status)
