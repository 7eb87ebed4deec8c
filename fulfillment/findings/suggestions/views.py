"""The doors of suggestions: cover or leave them, one by one or all of a kind."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.models import Finding
from fulfillment.findings.suggestions.answer import (
    cover,
    cover_everything,
    cover_kind,
    leave,
    leave_everything,
    leave_kind,
)
from fulfillment.findings.suggestions.by_hand import look_again, looked_through_by_hand
from fulfillment.findings.views_finding import LAST_REASON, finding_or_404, page_number
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import BadInput
from requests_app.review.case import case_or_404
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def answer(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Cover or leave what the button names: one suggestion, or all of a kind."""
    subject_request = case_or_404(reference)
    _source, mapped = finding_or_404(subject_request, finding_id)
    reason = request.POST.get("reason_code", "")
    tell(request, lambda: _answer(request, finding_id, reason), _("Saved."))
    if reason:
        request.session[LAST_REASON] = reason
    line = page_number(request.POST.get("line", ""), max(mapped.finding.row_count, 1))
    page = (line - 1) // Finding.PAGE_ROWS + 1
    address = reverse("findings:finding", args=[reference, finding_id])
    return redirect(f"{address}?page={page}#record-{line}")


def _answer(request: HttpRequest, finding_id: UUID, reason: str) -> object:
    by, now, sent = Actor.staff(staff_member(request)), timezone.now(), request.POST
    acts: dict[str, Callable[[str], object]] = {
        "cover": lambda key: cover(
            finding_id=finding_id, suggestion_ids=[_key(key)], reason_code=reason, by=by, at=now
        ),
        "leave": lambda key: leave(finding_id=finding_id, suggestion_ids=[_key(key)], by=by, at=now),
        "cover_kind": lambda kind: cover_kind(
            finding_id=finding_id, kind=_kind(kind), reason_code=reason, by=by, at=now
        ),
        "leave_kind": lambda kind: leave_kind(
            finding_id=finding_id, kind=_kind(kind), because=sent.get("because", ""), by=by, at=now
        ),
    }
    for name, act in acts.items():
        if name in sent:
            return act(sent[name])
    raise BadInput("Choose what becomes of the suggestion.")


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def everything(request: HttpRequest, reference: str) -> HttpResponse:
    """Cover or leave whatever waits for an answer anywhere in the review, for the reason that was chosen."""
    subject_request = case_or_404(reference)
    by, now, sent = Actor.staff(staff_member(request)), timezone.now(), request.POST
    key = subject_request.pk

    def act() -> object:
        if "cover" in sent:
            reason = sent.get("reason_code", "")
            return cover_everything(subject_request_id=key, reason_code=reason, by=by, at=now)
        return leave_everything(subject_request_id=key, because=sent.get("because", ""), by=by, at=now)

    tell(request, act, _("Saved. It can be taken back in any of the collections."))
    return redirect("findings:findings", reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def scan(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Where the looking broke off: once more, or somebody read the records themselves."""
    subject_request = case_or_404(reference)
    finding_or_404(subject_request, finding_id)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    if "by_hand" in request.POST:
        tell(
            request,
            lambda: looked_through_by_hand(finding_id=finding_id, by=by, at=now),
            _("Saved: you read these records yourself."),
        )
    else:
        tell(
            request,
            lambda: look_again(finding_id=finding_id, by=by),
            _("The records are being looked through again."),
        )
    return redirect("findings:finding", reference, finding_id)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("There is no such suggestion.") from None


def _kind(text: str) -> Kind:
    if text not in Kind.values:
        raise BadInput("There is no such kind.")
    return Kind(text)
