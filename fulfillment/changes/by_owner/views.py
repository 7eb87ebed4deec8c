"""The door of a change for whoever answers for the source: what is to be done, for whom, and how it ended."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fulfillment.changes.by_owner.forms import OwnerEndingForm
from fulfillment.changes.end import end_change
from fulfillment.changes.holding import hold_of
from fulfillment.changes.models import ChangeTask
from fulfillment.changes.shown import shown
from fulfillment.owners.models import OwnerTask, Purpose
from fulfillment.owners.views import for_opened_task
from requests_app.accounts.permissions import for_owner_session
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError


@for_owner_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_task
def change(request: HttpRequest, task: OwnerTask, now: datetime) -> HttpResponse:
    """Show one change with whom it concerns, and take down how it ended."""
    if task.purpose != Purpose.CHANGE:
        return redirect("owners:task")
    if not task.is_open:
        return render(request, "owners/done.html", {"task": task})
    asked = ChangeTask.objects.select_related("source", "subject_request", "assignee", "ended_by")
    found = asked.get(pk=UUID(task.key.removeprefix("change:")))
    if request.method != "POST":
        return _show(request, task, found, OwnerEndingForm(found.instructions))
    form = OwnerEndingForm(found.instructions, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, task, found, form, status=422)
    try:
        end_change(task_id=found.pk, ending=form.said, by=Actor.owner(str(task.pk)), at=now)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _show(request, task, found, form, status=refused.status)
    return redirect("owner_changes:change")


def _show(
    request: HttpRequest, task: OwnerTask, asked: ChangeTask, form: OwnerEndingForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "task": task,
        # Who does it, and who else is told, is nothing that the one who does it needs to hear.
        "change": replace(shown(asked, at=timezone.now(), openly=True), hand="", recipients=()),
        "identities": [(each.kind.replace("_", " ").capitalize(), each.value) for each in task.identities],
        "is_held": hold_of(asked.subject_request) is not None,
        "form": form,
    }
    return render(request, "owners/change.html", context, status=status)
