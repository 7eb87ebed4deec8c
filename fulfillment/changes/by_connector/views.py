"""The doors of a change by its source: try again, do it by hand, say which fields, hold all of it back."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.changes.by_connector.decide import pick_fields, take_over, try_again
from fulfillment.changes.by_connector.forms import FieldsForm, HoldForm, LastDayForm
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.end import may_carry_out
from fulfillment.changes.hold_days import move_last_day
from fulfillment.changes.holding import hold_changes, hold_of, lift_hold
from fulfillment.changes.models import ChangeHold
from fulfillment.changes.reveal import person_is_shown
from fulfillment.changes.selectors import changes_of
from fulfillment.changes.shown import shown
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.CARRY_OUT)
@require_POST
def again(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Let the source make a change after all, once what stood in its way is mended."""
    row = _row_or_404(request, task_id)
    tell(
        request,
        lambda: try_again(change_id=row.change_id, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("The source tries it again."),
    )
    return redirect("changes:change", task_id)


@for_staff_who_may(Permission.CARRY_OUT)
@require_POST
def take_over_by_hand(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take a change out of the source's hands."""
    row = _row_or_404(request, task_id)
    tell(
        request,
        lambda: take_over(change_id=row.change_id, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("It is for a person now."),
    )
    return redirect("changes:change", task_id)


@for_staff_who_may(Permission.CARRY_OUT)
@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Say which field of the source each accepted correction means."""
    row = _row_or_404(request, task_id)
    form = FieldsForm(row, request.POST if request.method == "POST" else None)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    status = submit(
        request,
        form,
        lambda: pick_fields(change_id=row.change_id, picked=form.picked, left=form.left, by=by, at=now),
        _("The source puts it right."),
    )
    if status is None:
        return redirect("changes:change", task_id)
    openly = person_is_shown(row.change, session=request.session, at=now)
    context = {"change": row.change, "row": row, "form": form, "openly": openly}
    return render(request, "changes/fields.html", context, status=status)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def live(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Give the line alone that says how far a source is; the page asks for it every two seconds meanwhile."""
    task = changes_of(case_or_404(reference)).filter(pk=task_id, by_connector__isnull=False).first()
    if task is None:
        raise Http404("There is no such change.")
    context = {"change": shown(task, at=timezone.now()), "reference": reference, "announce": True}
    return render(request, "changes/live.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Hold back what a request still changes, with a reason and, where it is known, a last day."""
    subject_request = case_or_404(reference)
    form = HoldForm(request.POST if request.method == "POST" else None)
    by, key = Actor.staff(staff_member(request)), subject_request.pk
    status = submit(
        request,
        form,
        lambda: hold_changes(subject_request_id=key, **form.cleaned_data, by=by, at=timezone.now()),
        _("Nothing more is changed while the hold stands."),
    )
    if status is None:
        return redirect("changes:changes", reference)
    context = case_context(request, subject_request, tab="changes", form=form)
    return render(request, "changes/hold.html", context, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def last_day(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the hold that stands another last day, or none."""
    subject_request = case_or_404(reference)
    standing = hold_of(subject_request)
    initial = _lasting(standing)
    form = LastDayForm(request.POST if request.method == "POST" else None, initial=initial)
    by, key = Actor.staff(staff_member(request)), subject_request.pk
    status = submit(
        request,
        form,
        lambda: move_last_day(subject_request_id=key, **form.cleaned_data, by=by, at=timezone.now()),
        _("The hold has another last day."),
    )
    if status is None:
        return redirect("changes:changes", reference)
    context = case_context(request, subject_request, tab="changes", form=form)
    return render(request, "changes/hold_last_day.html", context, status=status)


def _lasting(hold: ChangeHold | None) -> dict[str, date | None]:
    return {"until": hold.until, "look_again_on": hold.look_again_on} if hold else {}


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def lift(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the changes of a request go on."""
    subject_request = case_or_404(reference)
    by = Actor.staff(staff_member(request))
    tell(
        request,
        lambda: lift_hold(subject_request_id=subject_request.pk, by=by, at=timezone.now()),
        _("The changes go on."),
    )
    return redirect("changes:changes", reference)


def _row_or_404(request: HttpRequest, task_id: UUID) -> SourceChange:
    """The source's work on a change that this person may carry out; others do not exist for them."""
    by = Actor.staff(staff_member(request))
    found = SourceChange.objects.select_related("change__source", "change__subject_request", "map_version")
    for row in found.filter(change_id=task_id):
        if may_carry_out(row.change, by):
            return row
    raise Http404("There is no such task.")
