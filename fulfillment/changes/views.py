"""The doors of changes: what is asked for a case, one's own tasks, and ending one."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.changes.end import end_change, may_carry_out, take_change
from fulfillment.changes.forms import EndingForm
from fulfillment.changes.holding import MAY_BE_HELD, hold_of
from fulfillment.changes.models import ChangeTask, ReceiptFile
from fulfillment.changes.read_backs.shown import shown_looks
from fulfillment.changes.receipts import note_look, receipt_chunks
from fulfillment.changes.reveal import person_is_shown, show_person
from fulfillment.changes.selectors import changes_for, changes_of
from fulfillment.changes.shown import awaited, shown
from fulfillment.owners.selectors import tasks_by_key
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.clock import day_of
from requests_app.review.case import case_context, case_or_404
from requests_app.review.due import Due, due_of
from requests_app.review.reveal import is_revealed
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def changes(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything that was asked of the sources for a case, and how it stands."""
    subject_request = case_or_404(reference)
    openly = is_revealed(subject_request, session=request.session, at=timezone.now())
    member = staff_member(request)
    by, looks = Actor.staff(member), shown_looks(subject_request)
    tasks = list(changes_of(subject_request))
    owners = tasks_by_key(task.owner_key for task in tasks)
    asked = [
        (
            shown(task, at=timezone.now(), openly=openly),
            task.is_open and may_carry_out(task, by),
            looks.get(task.pk, []),
            awaited(owners.get(task.owner_key)),
        )
        for task in tasks
    ]
    context = case_context(
        request,
        subject_request,
        tab="changes",
        asked=asked,
        still_open=sum(task.is_open for task in tasks),
        questions=sum(look.is_open_question for found in looks.values() for look in found),
        may_settle=member.may(Permission.WORK_CASES),
        hold=hold_of(subject_request),
        already=sum(change.rows_changed for change, *_ in asked),
        may_hold=any(task.is_open for task in tasks) or subject_request.state in MAY_BE_HELD,
    )
    return render(request, "changes/changes.html", context)


@for_staff_who_may(Permission.CARRY_OUT)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what this person may carry out, without anything of the cases but their reference and date."""
    member, now = staff_member(request), timezone.now()
    listed = [
        (shown(task, at=now), _due(task, now), task.assignee_id == member.pk)
        for task in changes_for(member)[:200]
    ]
    return render(request, "changes/mine.html", {"listed": listed})


@for_staff_who_may(Permission.CARRY_OUT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show one change with what is needed to carry it out, and take down how it ended."""
    task = _task_or_404(request, task_id)
    if request.method != "POST":
        return _show(request, task, EndingForm(task.instructions))
    form = EndingForm(task.instructions, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, task, form, status=422)
    try:
        end_change(
            task_id=task.pk, ending=form.said, by=Actor.staff(staff_member(request)), at=timezone.now()
        )
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _show(request, _task_or_404(request, task_id), form, status=refused.status)
    messages.success(request, _("Written down. Thank you."))
    return redirect("changes:mine")


@for_staff_who_may(Permission.CARRY_OUT)
@require_POST
def take(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Put one's own name on a change."""
    task = _task_or_404(request, task_id)
    tell(
        request,
        lambda: take_change(task_id=task.pk, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("It is yours now."),
    )
    return redirect("changes:change", task.pk)


@for_staff_who_may(Permission.CARRY_OUT)
@require_POST
def show_whom(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show whom a change concerns for half an hour, and record it."""
    task = _task_or_404(request, task_id)
    try:
        show_person(
            task=task, by=Actor.staff(staff_member(request)), at=timezone.now(), session=request.session
        )
    except DomainError as refused:
        messages.error(request, refused.sentence, extra_tags="bad")
    return redirect("changes:change", task.pk)


@for_staff_who_may(Permission.SEE_CASES)
@require_POST
def receipt_file(request: HttpRequest, task_id: UUID) -> HttpResponseBase:
    """Hand out the file that was kept as a receipt, which is recorded; it can run nothing here."""
    found = ReceiptFile.objects.select_related("task__source", "task__subject_request")
    receipt = found.filter(task_id=task_id).first()
    if receipt is None:
        raise Http404("There is no such file.")
    note_look(receipt, by=Actor.staff(staff_member(request)), at=timezone.now())
    answer = StreamingHttpResponse(receipt_chunks(receipt), content_type=receipt.media_type)
    ending = receipt.media_type.partition("/")[2]
    answer["Content-Disposition"] = f'attachment; filename="receipt.{ending}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _show(request: HttpRequest, task: ChangeTask, form: EndingForm, *, status: int = 200) -> HttpResponse:
    now, member = timezone.now(), staff_member(request)
    openly = person_is_shown(task, session=request.session, at=now)
    context = {
        "change": shown(task, at=now, openly=openly),
        "openly": openly,
        "address": task.subject_request.subject_email if openly else "",
        "due": _due(task, now),
        "is_mine": task.assignee_id == member.pk,
        "may_see_case": member.may(Permission.SEE_CASES),
        "is_held": task.is_open and hold_of(task.subject_request) is not None,
        "form": form,
    }
    return render(request, "changes/change.html", context, status=status)


def _due(task: ChangeTask, now: datetime) -> Due:
    """A change is late when the day is over where the law of its case counts."""
    return due_of(task.subject_request, today=day_of(task.subject_request, now))


def _task_or_404(request: HttpRequest, task_id: UUID) -> ChangeTask:
    """A change that this person may carry out; others do not exist for them."""
    by = Actor.staff(staff_member(request))
    found = ChangeTask.objects.select_related(
        "source", "assignee", "ended_by", "subject_request", "by_connector"
    )
    for task in found.filter(pk=task_id):
        if may_carry_out(task, by):
            return task
    raise Http404("There is no such task.")
