"""The page of one collection: its records under the decisions that stand, and the forms that decide."""

from dataclasses import replace
from math import ceil
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.findings.decisions.forms import ItemForm, RuleForm
from fulfillment.findings.decisions.models import LeftBecause
from fulfillment.findings.decisions.selectors import standing_at
from fulfillment.findings.decisions.shown import acts_of
from fulfillment.findings.files import files_of
from fulfillment.findings.forms import DecisionForm, reason_in_words, reasons_for
from fulfillment.findings.models import Finding
from fulfillment.findings.release.finder import finder_for
from fulfillment.findings.release.plan import plan_of
from fulfillment.findings.search import SHORTEST, search_finding
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_of
from fulfillment.findings.sensitive import sensitive_paths, shown_lines
from fulfillment.findings.shown import Look, ShownRecord
from fulfillment.findings.store import FindingsLost, page_of
from fulfillment.findings.suggestions.shown import first_open, kinds_in, open_between, progress_of, stretches
from requests_app.accounts.permissions import staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState
from requests_app.review.case import case_context
from requests_app.roles import Permission

LAST_REASON = "review_reason"
LONGEST_WORDS = 200


def finding_or_404(subject_request: SubjectRequest, finding_id: UUID) -> tuple[SourceFindings, MappedFinding]:
    """A finding of the latest search. Raises Http404."""
    for source in findings_of(subject_request):
        for mapped in source.findings:
            if mapped.finding.pk == finding_id:
                return source, mapped
    raise Http404("This is not among the findings of the request.")


def may_decide(request: HttpRequest, subject_request: SubjectRequest) -> bool:
    """Whether the one who looks may decide now."""
    is_open = subject_request.state == RequestState.CHECKING
    return is_open and staff_member(request).may(Permission.WORK_CASES)


def finding_page(
    request: HttpRequest,
    subject_request: SubjectRequest,
    source: SourceFindings,
    mapped: MappedFinding,
    *,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    """The page, with forms that were sent and refused in place of empty ones."""
    pages = max(ceil(mapped.finding.row_count / Finding.PAGE_ROWS), 1)
    page = page_number(request.GET.get("page", "1"), pages)
    records, lost = _records(request, subject_request, mapped, page)
    if lost:
        status = FindingsLost.status
    elif request.method == "GET" and page == 1:
        note_opening(request, subject_request, mapped)
    context = finding_context(request, subject_request, source, mapped, **forms)
    context |= {"records": records, "lost": lost, "page": page, "pages": pages}
    return render(request, "findings/finding.html", context, status=status)


def search_page(
    request: HttpRequest, subject_request: SubjectRequest, source: SourceFindings, mapped: MappedFinding
) -> HttpResponse:
    """The records that hold some words. They are sent and never stand in an address, for they may be somebody's."""
    words = request.POST.get("q", "").strip()[:LONGEST_WORDS]
    if len(words) < SHORTEST:
        messages.error(request, _("Enter at least two letters."), extra_tags="bad")
        return finding_page(request, subject_request, source, mapped)
    from_line = page_number(request.POST.get("from", "1"), max(mapped.finding.row_count, 1))
    context = finding_context(request, subject_request, source, mapped)
    context |= {"page": 1, "pages": 1, "words": words, "from_line": from_line}
    try:
        found = search_finding(mapped.finding, words, from_line=from_line)
    except FindingsLost as lost:
        context |= {"records": [], "lost": lost.sentence}
        return render(request, "findings/finding.html", context, status=lost.status)
    facts = {"source": mapped.finding.task.source.key, "collection": mapped.finding.collection}
    by = Actor.staff(staff_member(request))
    record(event="finding.searched", target=subject_request, by=by, at=timezone.now(), facts=facts)
    look = look_at(request, subject_request, mapped)
    context |= {"records": [look.at(*hit) for hit in found.hits], "searched": found}
    return render(request, "findings/finding.html", context)


def finding_context(
    request: HttpRequest,
    subject_request: SubjectRequest,
    source: SourceFindings,
    mapped: MappedFinding,
    **forms: Any,
) -> dict[str, Any]:
    """What the page says beside the records."""
    finding, is_deletion = mapped.finding, right(subject_request.right).operation is Operation.ERASE
    decided = {
        "decision": finding.decision,
        "reason_code": finding.reason_code,
        "note": finding.reason_note,
    }
    reasons = dict(reasons_for(subject_request))
    again = {"reason_code": request.session.get(LAST_REASON, "")}
    return case_context(
        request,
        subject_request,
        tab="items",
        source=source,
        mapped=mapped,
        files=files_of(finding) if mapped.collection.documents else [],
        form=forms.get("form") or DecisionForm(subject_request, initial=decided),
        item_form=forms.get("item_form") or _item_form(request, subject_request, again),
        rule_form=forms.get("rule_form") or RuleForm(subject_request, mapped.collection, initial=again),
        acts=acts_of(standing_at(finding), mapped.collection, reasons),
        reasons=reasons,
        may_decide=may_decide(request, subject_request),
        kinds=kinds_in(finding),
        progress=progress_of(finding),
        next_suggestion=_next_suggestion(finding, page_number(request.GET.get("after", ""), 10**8)),
        others_reason=again["reason_code"] or reason_for_others(reasons),
        left_because=LeftBecause.choices,
        is_deletion=is_deletion,
        may_redact=may_decide(request, subject_request) and not is_deletion and not finding.is_withheld,
        reason=reason_in_words(subject_request, finding) if finding.is_withheld else "",
    )


def reason_for_others(reasons: dict[str, str]) -> str:
    """The law's reason that speaks of other people, if it has one; it is chosen beforehand and can be changed."""
    telling = ("others", "third_party", "other_person")
    return next((code for code in reasons if any(word in code for word in telling)), next(iter(reasons), ""))


def _next_suggestion(finding: Finding, after: int) -> str:
    """Numbers only: the page of the next record that waits for an answer."""
    line = first_open(finding, after)
    if line is None:
        return ""
    page = (line - 1) // Finding.PAGE_ROWS + 1
    return f"?page={page}&after={line}#record-{line}"


def look_at(request: HttpRequest, subject_request: SubjectRequest, mapped: MappedFinding) -> Look:
    """How the one who asks may look at the records of a collection now."""
    decisions = standing_at(mapped.finding)
    now = timezone.now()
    return Look(
        mapped.collection,
        plan_of(decisions, find=finder_for(subject_request, mapped, decisions)),
        sensitive_paths(mapped.collection),
        shown_lines(mapped.finding.pk, session=request.session, at=now),
    )


def note_opening(request: HttpRequest, subject_request: SubjectRequest, mapped: MappedFinding) -> None:
    """Write down who looked."""
    facts = {"source": mapped.finding.task.source.key, "collection": mapped.finding.collection}
    by = Actor.staff(staff_member(request))
    record(event="finding.opened", target=subject_request, by=by, at=timezone.now(), facts=facts)


def page_number(typed: str, pages: int) -> int:
    """The page that was asked for, or the nearest there is."""
    return min(max(int(typed), 1), pages) if typed.isdecimal() and len(typed) < 9 else 1


def _records(
    request: HttpRequest, subject_request: SubjectRequest, mapped: MappedFinding, page: int
) -> tuple[list[ShownRecord], str]:
    """The records of a page, or why they cannot be read any more."""
    first = (page - 1) * Finding.PAGE_ROWS + 1
    try:
        lines = page_of(mapped.finding, page=page)
    except FindingsLost as lost:
        return [], lost.sentence
    look = look_at(request, subject_request, mapped)
    last = first + len(lines) - 1
    look = replace(look, suggested=stretches(open_between(mapped.finding, first, last)))
    return [look.at(number, line) for number, line in enumerate(lines, start=first)], ""


def _item_form(
    request: HttpRequest, subject_request: SubjectRequest, again: dict[str, str]
) -> ItemForm | None:
    """The form about one record, where the address names one: numbers only, so that links may carry them."""
    asked = {name: request.GET[name] for name in ("record", "place", "start", "end") if name in request.GET}
    if not asked.get("record", "").isdecimal():
        return None
    initial = {**again, **asked, "line": asked["record"]}
    left_out = "redact" if asked.get("place") else "withhold"
    initial["action"] = "include" if request.GET.get("as") == "include" else left_out
    return ItemForm(subject_request, initial=initial)
