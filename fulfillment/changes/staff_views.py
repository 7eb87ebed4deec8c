"""The doors of a deletion: its dry run, proposed and approved there, and its result after the second search."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.changes.compare import compare
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.dry_run import dry_run_of, newest_record_on
from fulfillment.changes.forms import ApproveForm, CompleteForm, ProposeForm
from fulfillment.changes.models import ChangeState
from fulfillment.changes.record_holds.views import may_hold
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.changes.selectors import changes_of
from fulfillment.changes.shown import shown
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.decisions.deletion import approve_deletion
from requests_app.decisions.waiting import waiting_period_of
from requests_app.errors import DomainError
from requests_app.lifecycle.conditions import Attempt
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform, refusal
from requests_app.lifecycle.permissions import not_permitted
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState
from requests_app.review.case import case_context, case_or_404
from requests_app.review.conflict import conflict_page
from requests_app.roles import Permission

# A record newer than that says that the account is in use.
STILL_IN_USE_DAYS = 30
Form = ProposeForm | ApproveForm


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def dry_run(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what would be erased and what would stay; propose it, or approve what another person proposed."""
    subject_request = _deletion_or_404(reference)
    move = _move_on_dry_run(subject_request)
    if request.method != "POST" or move is None:
        return _show_dry_run(request, subject_request, _form(subject_request, move))
    form = _form(subject_request, move, request.POST)
    if form is None or not form.is_valid():
        return _show_dry_run(request, subject_request, form, status=422)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    try:
        _take(subject_request, move, form, by=by, at=now)
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _show_dry_run(request, subject_request, form, status=refused.status)
    messages.success(request, _("Done: %(move)s.") % {"move": move.label})
    return redirect("review:case", subject_request.reference)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what the second search found beside the dry run, and complete the request when it may be."""
    subject_request = _deletion_or_404(reference)
    if request.method != "POST":
        form = CompleteForm(initial={"version": subject_request.version})
        return _show_result(request, subject_request, form)
    form = CompleteForm(request.POST)
    if not form.is_valid():
        return _show_result(request, subject_request, form, status=422)
    try:
        complete_deletion(
            subject_request_id=subject_request.pk,
            reason=form.cleaned_data["reason"],
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            expected_version=form.cleaned_data["version"],
        )
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error("reason", refused.sentence)
        return _show_result(request, subject_request, form, status=refused.status)
    messages.success(request, _("The request is completed. The person is told by mail."))
    return redirect("review:case", subject_request.reference)


def _deletion_or_404(reference: str) -> SubjectRequest:
    subject_request = case_or_404(reference)
    if right(subject_request.right).operation is not Operation.ERASE:
        raise Http404("This request deletes nothing.")
    return subject_request


def _move_on_dry_run(subject_request: SubjectRequest) -> Move | None:
    return {
        RequestState.CHECKING: Move.PROPOSE_DELETION,
        RequestState.AWAITING_APPROVAL: Move.APPROVE_DELETION,
    }.get(RequestState(subject_request.state))


def _form(subject_request: SubjectRequest, move: Move | None, sent: QueryDict | None = None) -> Form | None:
    initial = {"version": subject_request.version}
    if move is Move.PROPOSE_DELETION:
        return ProposeForm(sent, initial=initial)
    if move is Move.APPROVE_DELETION:
        return ApproveForm(subject_request.reference, sent, initial=initial)
    return None


def _take(subject_request: SubjectRequest, move: Move, form: Form, *, by: Actor, at: datetime) -> None:
    version = form.cleaned_data["version"]
    if move is Move.APPROVE_DELETION:
        approve_deletion(
            subject_request_id=subject_request.pk,
            typed_reference=form.cleaned_data["typed"],
            by=by,
            at=at,
            expected_version=version,
        )
    else:
        perform(subject_request_id=subject_request.pk, move=move, by=by, at=at, expected_version=version)


def _show_dry_run(
    request: HttpRequest, subject_request: SubjectRequest, form: Form | None, *, status: int = 200
) -> HttpResponse:
    now, by = timezone.now(), Actor.staff(staff_member(request))
    move, found = _move_on_dry_run(subject_request), dry_run_of(subject_request)
    newest = newest_record_on(found, today=now.date())
    context = case_context(
        request,
        subject_request,
        tab="items",
        dry_run=found,
        looks=Rehearsal.objects.filter(subject_request=subject_request).select_related("source"),
        may_hand_over=move is not None and staff_member(request).may(Permission.WORK_CASES),
        may_hold=may_hold(request, subject_request),
        newest=newest,
        newest_days=(now.date() - newest).days if newest else None,
        is_in_use=newest is not None and (now.date() - newest).days <= STILL_IN_USE_DAYS,
        move=move,
        form=form,
        cannot=_why_not(subject_request, move, by) if move else None,
        period=waiting_period_of(subject_request, at=now) if move else None,
        level=IdentityLevel(subject_request.identity_level),
        is_met=subject_request.identity_level >= demanded(subject_request),
        may_decide=move is Move.PROPOSE_DELETION and staff_member(request).may(Permission.WORK_CASES),
    )
    return render(request, "changes/dry_run.html", context, status=status)


def _show_result(
    request: HttpRequest, subject_request: SubjectRequest, form: CompleteForm, *, status: int = 200
) -> HttpResponse:
    by = Actor.staff(staff_member(request))
    could_not = changes_of(subject_request).filter(state=ChangeState.COULD_NOT)
    context = case_context(
        request,
        subject_request,
        tab="items",
        comparison=compare(subject_request),
        could_not=[shown(task, at=timezone.now()) for task in could_not],
        form=form,
        is_open=subject_request.state == RequestState.CONFIRMING,
        cannot=_why_not(subject_request, Move.COMPLETE, by),
    )
    return render(request, "changes/result.html", context, status=status)


def _why_not(subject_request: SubjectRequest, move: Move, by: Actor) -> str | None:
    return not_permitted(move, by) or refusal(Attempt(subject_request, by), move)
