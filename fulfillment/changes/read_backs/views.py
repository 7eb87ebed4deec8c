"""The doors of looks after changes: look once more, or let stand what a look showed."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.changes.read_backs.decide import let_stand, look_once_more
from fulfillment.changes.read_backs.forms import StandForm
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.read_backs.shown import shown_look
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def again(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Look at a source once more."""
    row = _row_or_404(reference, task_id)
    by = Actor.staff(staff_member(request))
    tell(
        request,
        lambda: look_once_more(row_id=row.pk, by=by, at=timezone.now()),
        _("The source is looked at again within a minute."),
    )
    return redirect("changes:changes", reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def stand(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Let stand what a look showed, with a reason."""
    row, subject_request = _row_or_404(reference, task_id), case_or_404(reference)
    form = StandForm(request.POST if request.method == "POST" else None)
    by = Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: let_stand(row_id=row.pk, **form.cleaned_data, by=by, at=timezone.now()),
        _("It stands as it is."),
    )
    if status is None:
        return redirect("changes:changes", reference)
    context = case_context(request, subject_request, tab="changes", form=form, look=shown_look(row))
    return render(request, "changes/let_stand.html", context, status=status)


def _row_or_404(reference: str, task_id: UUID) -> ReadBackWork:
    found = ReadBackWork.objects.select_related("change__source", "asked", "map_version", "stands_by")
    row = found.filter(
        pk=task_id, change__subject_request__reference=case_or_404(reference).reference
    ).first()
    if row is None:
        raise Http404("There is no such look.")
    return row
