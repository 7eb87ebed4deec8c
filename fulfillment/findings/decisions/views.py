"""The doors of decisions about records and rules, and of taking one back."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fulfillment.findings.decisions.chosen import chosen
from fulfillment.findings.decisions.decide import decide, undo, undo_last
from fulfillment.findings.decisions.forms import ItemForm, RuleForm
from fulfillment.findings.decisions.models import ReviewDecision
from fulfillment.findings.models import Finding
from fulfillment.findings.views_finding import LAST_REASON, finding_or_404, finding_page
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_or_404
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def item(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Decide one record, one value, or words in it."""
    subject_request = case_or_404(reference)
    source, mapped = finding_or_404(subject_request, finding_id)
    form = ItemForm(subject_request, request.POST)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    status = submit(
        request,
        form,
        lambda: decide(
            finding_id=finding_id, wanted=chosen(mapped.finding, form.cleaned_data), by=by, at=now
        ),
        _("Saved. u takes it back."),
    )
    if status is not None:
        return finding_page(request, subject_request, source, mapped, item_form=form, status=status)
    if form.cleaned_data["reason_code"]:
        request.session[LAST_REASON] = form.cleaned_data["reason_code"]
    return redirect(_at_record(reference, finding_id, form.cleaned_data["line"]))


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def rule(request: HttpRequest, reference: str, finding_id: UUID) -> HttpResponse:
    """Decide every record of a collection by a rule."""
    subject_request = case_or_404(reference)
    source, mapped = finding_or_404(subject_request, finding_id)
    form = RuleForm(subject_request, mapped.collection, request.POST)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    status = submit(
        request,
        form,
        lambda: decide(finding_id=finding_id, wanted=[form.wanted()], by=by, at=now),
        _("The rule holds for every record."),
    )
    if status is not None:
        return finding_page(request, subject_request, source, mapped, rule_form=form, status=status)
    return redirect("findings:finding", reference, finding_id)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def take_back(request: HttpRequest, reference: str, decision_id: UUID) -> HttpResponse:
    """Take back what one act decided."""
    subject_request = case_or_404(reference)
    found = ReviewDecision.objects.filter(pk=decision_id, subject_request=subject_request).first()
    if found is None:
        raise Http404("There is no such decision.")
    by, now = Actor.staff(staff_member(request)), timezone.now()
    tell(request, lambda: undo(decision_id=decision_id, by=by, at=now), _("Taken back."))
    return redirect(_back_to(reference, found.finding_id, [found]))


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def take_back_last(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back the newest act of the review, wherever it was."""
    subject_request = case_or_404(reference)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    undone: list[ReviewDecision] = []
    tell(
        request,
        lambda: undone.extend(undo_last(subject_request_id=subject_request.pk, by=by, at=now)),
        _("The last decision was taken back."),
    )
    sent = request.POST.get("finding", "")
    here = next((each for each in Finding.objects.filter(pk=sent)), None) if _is_key(sent) else None
    return redirect(_back_to(reference, here.pk if here else None, undone))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _back_to(reference: str, finding_id: UUID | None, undone: Sequence[ReviewDecision]) -> str:
    """Where whoever took something back goes on: at its record, if it stands on the page that they came from."""
    if finding_id is None:
        return reverse("findings:findings", args=[reference])
    line = next((each.line for each in undone if each.finding_id == finding_id), None)
    if line is not None:
        return _at_record(reference, finding_id, line)
    return reverse("findings:finding", args=[reference, finding_id])


def _at_record(reference: str, finding_id: UUID, line: int) -> str:
    page = (line - 1) // Finding.PAGE_ROWS + 1
    return f"{reverse('findings:finding', args=[reference, finding_id])}?page={page}#record-{line}"
