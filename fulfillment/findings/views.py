"""The doors of the review: what was found by source and collection, its records, and what is withheld."""

from collections.abc import Set
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.findings.files import file_chunks, files_of
from fulfillment.findings.forms import DecisionForm, reason_in_words
from fulfillment.findings.models import Decision, Finding
from fulfillment.findings.portable import NOT_PORTABLE_WORDS, is_outside
from fulfillment.findings.records import Record, records_on
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_of
from fulfillment.findings.store import FindingsLost
from fulfillment.findings.withhold import include_finding, withhold_finding
from fulfillment.sources.shown import kind_label
from fulfillment.sweeps.selectors import accepted_traces, traces_to_decide
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.lifecycle.states import RequestState
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit
from requests_app.roles import Permission


@dataclass(frozen=True)
class ShownSource:
    """The findings of one source as the page lists them: what holds something, then what holds nothing."""

    part: SourceFindings
    kind: str
    filled: tuple[MappedFinding, ...]
    empty: tuple[MappedFinding, ...]


@dataclass(frozen=True)
class Tally:
    """What is in and what is out, in records."""

    included: int
    withheld: int
    secrets: int


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_safe
def findings(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what was found, source by source and collection by collection; of a deletion, the dry run."""
    subject_request = case_or_404(reference)
    if right(subject_request.right).operation is Operation.ERASE:
        return redirect("changes:dry_run", subject_request.reference)
    found = findings_of(subject_request)
    every = [each for part in found for each in part.findings]
    outside = {each.finding.pk for each in every if is_outside(each.collection, subject_request)}
    actor = Actor.staff(staff_member(request))
    finish = next(
        (each for each in moves_available_to(subject_request, actor) if each.move is Move.FINISH_REVIEW), None
    )
    context = case_context(
        request,
        subject_request,
        tab="items",
        found=[_shown(part) for part in found],
        reasons={
            each.finding.pk: reason_in_words(subject_request, each.finding)
            for each in every
            if each.finding.is_withheld
        },
        outside=outside,
        outside_words=NOT_PORTABLE_WORDS,
        tally=_tally(found, outside),
        accepted=accepted_traces(subject_request),
        undecided=traces_to_decide(subject_request),
        finish=finish,
        may_decide=_may_decide(request, subject_request),
    )
    return render(request, "findings/findings.html", context)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Show the records of one collection, a page at a time, and take the decision about it."""
    subject_request = case_or_404(reference)
    source, mapped = _finding_or_404(subject_request, finding_id)
    decided, by = mapped.finding, Actor.staff(staff_member(request))
    initial = {"decision": decided.decision, "reason_code": decided.reason_code, "note": decided.reason_note}
    sent = request.POST if request.method == "POST" else None
    form = DecisionForm(subject_request, sent, initial=initial)
    status = submit(
        request,
        form,
        lambda: _decide(decided, form.cleaned_data, by),
        _("Saved: %(collection)s.") % {"collection": mapped.collection.label},
    )
    if status is None:
        return redirect("findings:findings", reference)
    return _show(request, subject_request, source, mapped, form, status=status)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def file(request: HttpRequest, reference: str, finding_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Hand an original file to whoever reviews it, which is recorded; it can run nothing here."""
    subject_request = case_or_404(reference)
    source, mapped = _finding_or_404(subject_request, finding_id)
    found = next((each for each in files_of(mapped.finding) if each.pk == file_id and each.store_name), None)
    if found is None:
        raise Http404("There is no such file.")
    _note_opening(request, subject_request, source, mapped)
    answer = StreamingHttpResponse(file_chunks(found), content_type=found.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _show(
    request: HttpRequest,
    subject_request: SubjectRequest,
    source: SourceFindings,
    mapped: MappedFinding,
    form: DecisionForm,
    *,
    status: int = 200,
) -> HttpResponse:
    pages = max(ceil(mapped.finding.row_count / Finding.PAGE_ROWS), 1)
    page = _page_number(request.GET.get("page", "1"), pages)
    records, lost = _records(mapped, page)
    if lost:
        status = FindingsLost.status
    elif request.method == "GET" and page == 1:
        _note_opening(request, subject_request, source, mapped)
    context = case_context(
        request,
        subject_request,
        tab="items",
        source=source,
        mapped=mapped,
        files=files_of(mapped.finding) if mapped.collection.documents else [],
        records=records,
        lost=lost,
        page=page,
        pages=pages,
        form=form,
        may_decide=_may_decide(request, subject_request),
        is_deletion=right(subject_request.right).operation is Operation.ERASE,
        reason=reason_in_words(subject_request, mapped.finding) if mapped.finding.is_withheld else "",
    )
    return render(request, "findings/finding.html", context, status=status)


def _records(mapped: MappedFinding, page: int) -> tuple[list[Record], str]:
    """The records of a page, or why they cannot be read any more."""
    try:
        return records_on(mapped.finding, mapped.collection, page=page), ""
    except FindingsLost as lost:
        return [], lost.sentence


def _decide(finding: Finding, answers: dict[str, Any], by: Actor) -> None:
    now = timezone.now()
    if answers["decision"] == Decision.WITHHOLD:
        withhold_finding(
            finding_id=finding.pk, reason_code=answers["reason_code"], note=answers["note"], by=by, at=now
        )
    else:
        include_finding(finding_id=finding.pk, by=by, at=now)


def _note_opening(
    request: HttpRequest, subject_request: SubjectRequest, source: SourceFindings, mapped: MappedFinding
) -> None:
    by, facts = Actor.staff(staff_member(request)), {"source": source.task.source.key}
    facts["collection"] = mapped.finding.collection
    record(event="finding.opened", target=subject_request, by=by, at=timezone.now(), facts=facts)


def _finding_or_404(
    subject_request: SubjectRequest, finding_id: UUID
) -> tuple[SourceFindings, MappedFinding]:
    for source in findings_of(subject_request):
        for mapped in source.findings:
            if mapped.finding.pk == finding_id:
                return source, mapped
    raise Http404("This is not among the findings of the request.")


def _page_number(typed: str, pages: int) -> int:
    return min(max(int(typed), 1), pages) if typed.isdecimal() and len(typed) < 9 else 1


def _may_decide(request: HttpRequest, subject_request: SubjectRequest) -> bool:
    is_open = subject_request.state == RequestState.CHECKING
    return is_open and staff_member(request).may(Permission.WORK_CASES)


def _shown(part: SourceFindings) -> ShownSource:
    return ShownSource(
        part,
        kind_label(part.task.source.kind),
        filled=tuple(each for each in part.findings if each.finding.row_count),
        empty=tuple(each for each in part.findings if not each.finding.row_count),
    )


def _tally(found: list[SourceFindings], outside: Set[UUID]) -> Tally:
    every = [each for part in found for each in part.findings]
    left_out = [each for each in every if each.finding.is_withheld or each.finding.pk in outside]
    withheld = sum(each.finding.row_count for each in left_out)
    return Tally(
        included=sum(each.finding.row_count for each in every) - withheld,
        withheld=withheld,
        secrets=sum(len(each.collection.secret_fields) for each in every if each.finding.row_count),
    )
