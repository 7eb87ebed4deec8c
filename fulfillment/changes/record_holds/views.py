"""The doors of holds on single records: tick them beside a reason and a day, and lift one again."""

from math import ceil
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.changes.record_holds.forms import RecordHoldForm
from fulfillment.changes.record_holds.hold import MAY_BE_SET, hold_records, lift_record_hold
from fulfillment.changes.record_holds.models import RecordHold
from fulfillment.changes.record_holds.selectors import record_holds_of
from fulfillment.findings.models import Finding
from fulfillment.findings.records import Record, records_on
from fulfillment.findings.selectors import MappedFinding, findings_of
from fulfillment.findings.store import FindingsLost
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Show the records of one collection of a dry run, a page at a time, and hold those that are ticked."""
    subject_request = case_or_404(reference)
    mapped = _finding_or_404(subject_request, finding_id)
    pages = max(ceil(mapped.finding.row_count / Finding.PAGE_ROWS), 1)
    page = _page_number(request.GET.get("page", "1"), pages)
    shown, lost = _records(mapped, page)
    form = RecordHoldForm([each.number for each in shown], request.POST if request.method == "POST" else None)
    by = Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: _hold(subject_request, mapped, form, by),
        _("These records stay. Every source is looked into again."),
    )
    if status is None:
        return redirect("changes:record_holds", reference, finding_id)
    if request.method == "GET" and not lost:
        _note_opening(subject_request, mapped, by)
    place = (mapped.finding.task.source_id, mapped.finding.collection)
    context = case_context(
        request,
        subject_request,
        tab="items",
        mapped=mapped,
        records=shown,
        lost=lost,
        page=page,
        pages=pages,
        form=form,
        holds=record_holds_of(subject_request).get(place, ()),
        may_hold=may_hold(request, subject_request) and bool(mapped.collection.primary_key),
        may_lift=subject_request.state == RequestState.CHECKING,
    )
    return render(
        request, "changes/record_holds.html", context, status=FindingsLost.status if lost else status
    )


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def lift(request: HttpRequest, reference: str, hold_id: UUID) -> HttpResponse:
    """Let the deletion have a record after all."""
    found = RecordHold.objects.filter(pk=hold_id, subject_request=case_or_404(reference))
    if not found.exists():
        raise Http404("There is no such hold.")
    tell(
        request,
        lambda: lift_record_hold(hold_id=hold_id, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("The record is not held any more."),
    )
    return redirect("changes:dry_run", reference)


def may_hold(request: HttpRequest, subject_request: SubjectRequest) -> bool:
    """Whether this person may hold records of this request now."""
    is_time = RequestState(subject_request.state) in MAY_BE_SET
    return is_time and staff_member(request).may(Permission.WORK_CASES)


def _hold(subject_request: SubjectRequest, mapped: MappedFinding, form: RecordHoldForm, by: Actor) -> None:
    answers = form.cleaned_data
    hold_records(
        subject_request_id=subject_request.pk,
        finding_id=mapped.finding.pk,
        numbers=answers["numbers"],
        why=answers["why"],
        until=answers["until"],
        look_again_on=answers["look_again_on"],
        by=by,
        at=timezone.now(),
    )


def _finding_or_404(subject_request: SubjectRequest, finding_id: UUID) -> MappedFinding:
    if right(subject_request.right).operation is not Operation.ERASE:
        raise Http404("This request deletes nothing.")
    every = (each for part in findings_of(subject_request) for each in part.findings)
    for mapped in every:
        if mapped.finding.pk == finding_id:
            return mapped
    raise Http404("This is not part of the dry run.")


def _records(mapped: MappedFinding, page: int) -> tuple[list[Record], str]:
    try:
        return records_on(mapped.finding, mapped.collection, page=page), ""
    except FindingsLost as lost:
        return [], lost.sentence


def _page_number(said: str, pages: int) -> int:
    return min(max(int(said), 1), pages) if said.isdecimal() else 1


def _note_opening(subject_request: SubjectRequest, mapped: MappedFinding, by: Actor) -> None:
    facts = {"source": mapped.finding.task.source.key, "collection": mapped.finding.collection}
    record(event="finding.opened", target=subject_request, by=by, at=timezone.now(), facts=facts)
