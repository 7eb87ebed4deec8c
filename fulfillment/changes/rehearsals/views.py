"""The doors of the look beforehand: look once more, or have a source erased by hand."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fulfillment.changes.rehearsals.look import hand_to_a_person, look_again
from fulfillment.changes.rehearsals.models import Rehearsal
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_or_404
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def again(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Look at a source once more."""
    row = _row_or_404(reference, task_id)
    tell(
        request,
        lambda: look_again(row_id=row.pk, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("%(source)s is looked into again within a minute.") % {"source": row.source.label},
    )
    return redirect("changes:dry_run", reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def by_hand(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Have a source erased by a person."""
    row = _row_or_404(reference, task_id)
    tell(
        request,
        lambda: hand_to_a_person(row_id=row.pk, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("A person erases in %(source)s.") % {"source": row.source.label},
    )
    return redirect("changes:dry_run", reference)


def _row_or_404(reference: str, row_id: UUID) -> Rehearsal:
    found = Rehearsal.objects.select_related("source").filter(
        pk=row_id, subject_request__reference=case_or_404(reference).reference
    )
    for row in found:
        return row
    raise Http404("This source is not part of the request.")
