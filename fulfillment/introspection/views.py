"""The doors of proposals: ask for a look, read it as a diff, decide on its parts; and the coverage of all maps."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.datamaps.errors import MapRefused
from fulfillment.datamaps.fides import DATA_CATEGORIES
from fulfillment.introspection.accept import decide, save_map
from fulfillment.introspection.compare import Comparison, Kind, compare
from fulfillment.introspection.coverage import policy_lines, source_coverage
from fulfillment.introspection.look import ask_for_look
from fulfillment.introspection.models import MapProposal
from fulfillment.introspection.pages import blocks_of, decisions_of, pages_of, tally_of
from fulfillment.sources.errors import UnknownSource
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import source_by_key
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_SOURCES)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show which category of the policy which source answers, the holes, and what no map mentions."""
    parts = source_coverage()
    lines = policy_lines(parts)
    context = {
        "parts": parts,
        "lines": lines,
        "holes": [each.category for each in lines if each.is_hole],
        "new_columns": sum(each.new_columns for each in parts),
        "is_looked_at": any(part.look for part in parts),
        "may_manage": staff_member(request).may(Permission.MANAGE_SOURCES),
    }
    return render(request, "maps/coverage.html", context)


@for_staff_who_may(Permission.MANAGE_SOURCES)
@require_POST
def look(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a look at a source."""
    source = _source_or_404(key)
    try:
        ask_for_look(source=source, by=Actor.staff(staff_member(request)), at=timezone.now())
    except DomainError as refused:
        messages.error(request, refused.sentence, extra_tags="bad")
        return redirect("sources:source", key)
    return redirect("maps:changes", key)


@for_staff_who_may(Permission.MANAGE_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the last look proposes beside the map in force, and take decisions on it."""
    source = _source_or_404(key)
    proposal = MapProposal.objects.filter(source=source).first()
    if proposal is None or not proposal.yaml:
        return render(request, "maps/waiting.html", {"source": source, "proposal": proposal})
    comparison = compare(proposal.data_map, source.map_in_force.data_map)
    if request.method == "POST" and proposal.outcome_id is None:
        return _decided(request, source, proposal, comparison)
    return _shown(request, source, proposal, comparison)


def _decided(
    request: HttpRequest, source: DataSource, proposal: MapProposal, comparison: Comparison
) -> HttpResponse:
    pages = pages_of(comparison)
    number = _page_number(request, len(pages))
    blocks = blocks_of(pages[number - 1], comparison, proposal, request.POST)
    wrong = [line for block in blocks for line in block.lines if line.wrong]
    if wrong:
        said = _("fideslang has no data category “%(word)s”.") % {"word": wrong[0].wrong}
        return _shown(request, source, proposal, comparison, typed=request.POST, refusal=said)
    against = int(typed) if (typed := request.POST.get("against", "")).isdecimal() else 0
    try:
        decide(proposal_id=proposal.pk, decisions=decisions_of(blocks), against=against)
        if "save" not in request.POST:
            onward = min(number + 1, len(pages))
            return redirect(f"{request.path}?page={onward}")
        version = save_map(
            proposal_id=proposal.pk, against=against, by=Actor.staff(staff_member(request)), at=timezone.now()
        )
    except MapRefused as refused:
        return _shown(request, source, proposal, comparison, typed=request.POST, refusal=refused.sentence)
    except DomainError as refused:
        return _shown(request, source, proposal, comparison, refusal=refused.sentence, status=refused.status)
    said = _("Version %(number)s of this map is in force.") % {"number": version.number}
    messages.success(request, said)
    return redirect("sources:source", source.key)


def _shown(
    request: HttpRequest,
    source: DataSource,
    proposal: MapProposal,
    comparison: Comparison,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: str = "",
    status: int = 422,
) -> HttpResponse:
    pages = pages_of(comparison)
    number = _page_number(request, len(pages))
    proposal.refresh_from_db()
    blocks = blocks_of(pages[number - 1], comparison, proposal, typed)
    context = {
        "source": source,
        "proposal": proposal,
        "version": source.map_in_force,
        "next_number": source.map_in_force.number + 1,
        "comparison": comparison,
        "counts": {kind.value: comparison.count(kind) for kind in Kind},
        "blocks": blocks,
        "tally": tally_of(blocks, comparison, proposal),
        "page": number,
        "pages": len(pages),
        "categories": sorted(DATA_CATEGORIES),
        "refusal": refusal,
    }
    return render(request, "maps/changes.html", context, status=status if refusal else 200)


def _page_number(request: HttpRequest, pages: int) -> int:
    typed = request.POST.get("page") or request.GET.get("page", "1")
    return min(max(int(typed), 1), pages) if typed.isdecimal() and len(typed) < 9 else 1


def _source_or_404(key: str) -> DataSource:
    try:
        return source_by_key(key)
    except UnknownSource as unknown:
        raise Http404(unknown.sentence) from unknown
