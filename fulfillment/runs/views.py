"""The doors of a run: the plan, the sources while they are searched, and what to do about one that fails."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.runs.approve import approve_search
from fulfillment.runs.forms import ApproveForm, ExcludeForm
from fulfillment.runs.models import SourceTask
from fulfillment.runs.panel import sources_panel
from fulfillment.runs.plan import plan_for, with_estimates
from fulfillment.runs.selectors import latest_run
from fulfillment.runs.settle import exclude_source, retry_source
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.review.case import case_context, case_or_404
from requests_app.review.conflict import conflict_page
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def sources(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the plan before the search, and the sources from then on."""
    subject_request = case_or_404(reference)
    if latest_run(subject_request) is None:
        return _plan(request, subject_request)
    panel = sources_panel(request, subject_request)
    return render(
        request, "runs/sources.html", case_context(request, subject_request, tab="sources", panel=panel)
    )


@for_staff_who_may(Permission.SEE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what each source will be asked, and let the search begin by what was shown."""
    subject_request = case_or_404(reference)
    if request.method != "POST":
        return _plan(request, subject_request)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _plan(request, subject_request, refused=_("Read the plan, then approve it."), status=422)
    try:
        approve_search(
            subject_request_id=subject_request.pk,
            maps=form.cleaned_data["maps"],
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            expected_version=form.cleaned_data["version"],
        )
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        return _plan(request, case_or_404(reference), refused=refused.sentence, status=refused.status)
    messages.success(request, _("Done: %(move)s.") % {"move": Move.APPROVE.label})
    return redirect("review:case", reference=reference)


def _plan(
    request: HttpRequest, subject_request: SubjectRequest, *, refused: str = "", status: int = 200
) -> HttpResponse:
    actor = Actor.staff(staff_member(request))
    approve = next(
        (each for each in moves_available_to(subject_request, actor) if each.move is Move.APPROVE), None
    )
    found = plan_for(subject_request)
    # Counting asks the sources, which may take a while: only whoever wants it waits for it.
    is_counted = request.GET.get("count") == "1"
    context = case_context(
        request,
        subject_request,
        tab="sources",
        plan=with_estimates(found, subject_request) if is_counted else found,
        is_counted=is_counted,
        approve=approve,
        is_deletion=right(subject_request.right).operation is Operation.ERASE,
        move=Move.APPROVE,
        facts=FACTS[Move.APPROVE],
        form=ApproveForm(initial={"version": subject_request.version, "maps": found.maps}),
        refused=refused,
    )
    return render(request, "runs/plan.html", context, status=status)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def live(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the table of the sources alone; a page asks for it every two seconds while something runs."""
    subject_request = case_or_404(reference)
    panel = sources_panel(request, subject_request)
    if panel is None:
        raise Http404("Nothing was searched yet.")
    response = render(request, "runs/live.html", {"panel": panel, "announce": True})
    if not panel["is_running"]:
        # The case has moved on: what the page says around the table is old.
        response["HX-Refresh"] = "true"
    return response


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def retry(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Search a failed source again at once."""
    task = _task_or_404(reference, task_id)
    tell(
        request,
        lambda: retry_source(task_id=task.pk, by=Actor.staff(staff_member(request)), at=timezone.now()),
        _("%(source)s is searched again.") % {"source": task.source.label},
    )
    return redirect("runs:sources", reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def exclude(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Leave a source out of the run, with a reason."""
    subject_request, task = case_or_404(reference), _task_or_404(reference, task_id)
    form = ExcludeForm(request.POST if request.method == "POST" else None)
    by = Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: exclude_source(task_id=task.pk, **form.cleaned_data, by=by, at=timezone.now()),
        _("%(source)s is left out.") % {"source": task.source.label},
    )
    if status is None:
        return redirect("runs:sources", reference)
    context = case_context(request, subject_request, tab="sources", task=task, form=form)
    return render(request, "runs/exclude.html", context, status=status)


def _task_or_404(reference: str, task_id: UUID) -> SourceTask:
    found = SourceTask.objects.select_related("source").filter(
        pk=task_id, run__subject_request__reference=case_or_404(reference).reference
    )
    for task in found:
        return task
    raise Http404("This source is not part of the request.")
