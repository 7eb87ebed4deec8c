"""The doors of the review: what was found by source and collection, its records, and what is withheld."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.findings.decisions.models import LeftBecause, Scope
from fulfillment.findings.decisions.selectors import fallen_away, standing_in
from fulfillment.findings.files import file_chunks, files_of
from fulfillment.findings.forms import DecisionForm, reason_in_words, reasons_for
from fulfillment.findings.models import Decision, Finding
from fulfillment.findings.portable import NOT_PORTABLE_WORDS, is_outside
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_of
from fulfillment.findings.sensitive import show_for_a_while
from fulfillment.findings.suggestions.duty import owed_to_others
from fulfillment.findings.suggestions.shown import open_by_finding
from fulfillment.findings.views_finding import (
    finding_or_404,
    finding_page,
    may_decide,
    note_opening,
    page_number,
    reason_for_others,
    search_page,
)
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
    moves = moves_available_to(subject_request, Actor.staff(staff_member(request)))
    decides, law_reasons = may_decide(request, subject_request), reasons_for(subject_request)
    owed = owed_to_others(subject_request) if decides else []
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
        fallen_away=fallen_away(subject_request, found),
        changed=_changed(subject_request, found),
        suggested=open_by_finding(each.finding.pk for each in every),
        owed=owed,
        any_open=any(each.open for each in owed),
        left_because=LeftBecause.choices,
        law_reasons=law_reasons,
        others_reason=reason_for_others(dict(law_reasons)),
        finish=next((each for each in moves if each.move is Move.FINISH_REVIEW), None),
        may_decide=decides,
    )
    return render(request, "findings/findings.html", context)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Show the records of one collection, a page at a time, and take the decision about it."""
    subject_request = case_or_404(reference)
    source, mapped = finding_or_404(subject_request, finding_id)
    if request.method != "POST":
        return finding_page(request, subject_request, source, mapped)
    form, by = DecisionForm(subject_request, request.POST), Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: _decide(mapped.finding, form.cleaned_data, by),
        _("Saved: %(collection)s.") % {"collection": mapped.collection.label},
    )
    if status is None:
        return redirect("findings:findings", reference)
    return finding_page(request, subject_request, source, mapped, form=form, status=status)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def search(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Show the records of a collection that hold some words."""
    subject_request = case_or_404(reference)
    source, mapped = finding_or_404(subject_request, finding_id)
    return search_page(request, subject_request, source, mapped)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def reveal(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Show the masked values of one record for a while, which is recorded."""
    subject_request = case_or_404(reference)
    _source, mapped = finding_or_404(subject_request, finding_id)
    line = page_number(request.POST.get("line", ""), max(mapped.finding.row_count, 1))
    now = timezone.now()
    facts = {"source": mapped.finding.task.source.key, "collection": mapped.finding.collection}
    by = Actor.staff(staff_member(request))
    record(event="finding.revealed", target=subject_request, by=by, at=now, facts={**facts, "record": line})
    show_for_a_while(finding_id, line, session=request.session, at=now)
    page = (line - 1) // Finding.PAGE_ROWS + 1
    address = reverse("findings:finding", args=[reference, finding_id])
    return redirect(f"{address}?page={page}#record-{line}")


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def file(request: HttpRequest, reference: str, finding_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Hand an original file to whoever reviews it, which is recorded; it can run nothing here."""
    subject_request = case_or_404(reference)
    _source, mapped = finding_or_404(subject_request, finding_id)
    found = next((each for each in files_of(mapped.finding) if each.pk == file_id and each.store_name), None)
    if found is None:
        raise Http404("There is no such file.")
    note_opening(request, subject_request, mapped)
    answer = StreamingHttpResponse(file_chunks(found), content_type=found.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _decide(finding: Finding, answers: dict[str, Any], by: Actor) -> None:
    now = timezone.now()
    if answers["decision"] == Decision.WITHHOLD:
        withhold_finding(
            finding_id=finding.pk, reason_code=answers["reason_code"], note=answers["note"], by=by, at=now
        )
    else:
        include_finding(finding_id=finding.pk, by=by, at=now)


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


def _changed(subject_request: SubjectRequest, found: list[SourceFindings]) -> dict[UUID, int]:
    """By finding, how many decisions stand about records, values and rules."""
    standing = standing_in(subject_request, found)
    return {
        key: count
        for key, decisions in standing.items()
        if (count := sum(each.scope != Scope.COLLECTION for each in decisions))
    }
