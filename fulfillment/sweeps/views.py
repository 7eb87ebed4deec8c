"""The doors of sweeps: what sources hold beyond their maps, decided by a person, and what to add to a map."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fulfillment.sources.selectors import source_by_key
from fulfillment.sweeps.decide import decide_traces
from fulfillment.sweeps.forms import BeginForm, DecideForm
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.proposal import Place, proposed_patch
from fulfillment.sweeps.retry import retry_sweep
from fulfillment.sweeps.selectors import sweeps_of
from fulfillment.sweeps.shown import found_of
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import TraceDecision
from fulfillment.sweeps.table import sweep_part, sweep_parts
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import DomainError
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.rights.base import Operation
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_safe
def traces(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what sweeps found beyond the maps, source by source."""
    subject_request = case_or_404(reference)
    member = staff_member(request)
    parts = sweep_parts(sweeps_of(subject_request), at=timezone.now())
    shown = sum(len(part.rows) for part in parts)
    if shown and request.method == "GET":
        by, now = Actor.staff(member), timezone.now()
        record(event="sweep.opened", target=subject_request, by=by, at=now, facts={"count": shown})
    may_decide = member.may(Permission.WORK_CASES) and not subject_request.is_closed
    context = case_context(
        request,
        subject_request,
        tab="traces",
        swept=parts,
        may_decide=may_decide,
        is_deletion=right(subject_request.right).operation is Operation.ERASE,
        form=BeginForm() if may_decide else None,
        decisions=[TraceDecision.ACCEPTED, TraceDecision.REFUSED],
    )
    return render(request, "sweeps/traces.html", context)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_safe
def live(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Give the line of one sweep alone; the page asks for it every two seconds while it runs. It names no trace."""
    part = sweep_part(_sweep_or_404(reference, task_id), at=timezone.now())
    context = {"part": part, "reference": reference, "announce": True, "may_decide": False}
    return render(request, "sweeps/live.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def retry(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Have a sweep that was given up go on where it stopped."""
    sweep = _sweep_or_404(reference, task_id)
    tell(
        request,
        lambda: retry_sweep(sweep_id=sweep.pk, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("%(source)s is gone through on, from where it stopped.") % {"source": sweep.source.label},
    )
    return redirect("sweeps:traces", reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Have a source gone through; a worker takes it within seconds."""
    subject_request = case_or_404(reference)
    form = BeginForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a source."), extra_tags="bad")
        return redirect("sweeps:traces", reference)
    source = source_by_key(form.cleaned_data["source"])
    by, now = Actor.staff(staff_member(request)), timezone.now()
    tell(
        request,
        lambda: start_sweep(subject_request=subject_request, source=source, by=by, at=now),
        _("%(source)s is gone through now.") % {"source": source.label},
    )
    return redirect("sweeps:traces", reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Say of the ticked traces whether they are about the person."""
    subject_request = case_or_404(reference)
    known = Trace.objects.filter(sweep__subject_request=subject_request).values_list("pk", flat=True)
    form = DecideForm([str(each) for each in known], request.POST)
    if not form.is_valid():
        messages.error(request, _("Tick at least one trace, and say what it is."), extra_tags="bad")
        return redirect("sweeps:traces", reference)
    try:
        count = decide_traces(
            subject_request=subject_request,
            trace_ids=[UUID(each) for each in form.cleaned_data["trace"]],
            decision=TraceDecision(form.cleaned_data["decision"]),
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
        )
    except DomainError as refused:
        messages.error(request, refused.sentence, extra_tags="bad")
    else:
        words = ngettext("%(count)d trace is decided.", "%(count)d traces are decided.", count)
        messages.success(request, words % {"count": count})
    return redirect("sweeps:traces", reference)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_safe
def additions(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Give what the newest sweep of a source proposes to add to its map, as a patch; it names no person."""
    sweep = _newest_or_404(reference, key)
    places = [
        Place(each.table, each.columns, each.kind, each.coverage, each.ways) for each in found_of(sweep)
    ]
    version = sweep.map_version
    patch = proposed_patch(version.yaml, version.data_map, places)
    return HttpResponse(patch or _("Nothing to add.\n"), content_type="text/plain; charset=utf-8")


def _sweep_or_404(reference: str, sweep_id: UUID) -> Sweep:
    subject_request = case_or_404(reference)
    found = Sweep.objects.filter(pk=sweep_id, subject_request__reference=subject_request.reference)
    for sweep in found.select_related("source"):
        return sweep
    raise Http404("The request has no such sweep.")


def _newest_or_404(reference: str, key: str) -> Sweep:
    for sweep in reversed(sweeps_of(case_or_404(reference))):
        if sweep.source.key == key:
            return sweep
    raise Http404("This source was not gone through for the request.")
