"""The doors of the sources: which are connected, how they are, what their data maps say."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fulfillment.connectors.errors import ConnectorError
from fulfillment.sources.check import check_source
from fulfillment.sources.errors import UnknownSource
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import connected_sources, source_by_key
from fulfillment.sources.shown import is_database, kind_label, shown_settings
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.policy.company import COMPANY
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_SOURCES)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Show every connected source and how it is."""
    listed = [(source, kind_label(source.kind)) for source in connected_sources()]
    context = {"sources": listed, "may_manage": staff_member(request).may(Permission.MANAGE_SOURCES)}
    return render(request, "sources/sources.html", context)


@for_staff_who_may(Permission.SEE_SOURCES)
@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    """Show one source: its health, its data map in words, and the names of its settings."""
    found = _source_or_404(key)
    version = found.map_in_force
    may_manage = staff_member(request).may(Permission.MANAGE_SOURCES)
    categories = {each.key: each.label for each in COMPANY.categories}
    context = {
        "source": found,
        "kind": kind_label(found.kind),
        "version": version,
        "data_map": version.data_map,
        "collections": [
            (each, categories.get(each.policy or "", "")) for each in version.data_map.collections
        ],
        "settings": shown_settings(found) if may_manage else (),
        "may_manage": may_manage,
        "can_look": may_manage and is_database(found),
    }
    return render(request, "sources/source.html", context)


@for_staff_who_may(Permission.MANAGE_SOURCES)
@require_POST
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Look whether a source answers and is as its map says."""
    found = _source_or_404(key)
    try:
        report = check_source(source=found, at=timezone.now())
    except ConnectorError as failure:
        messages.error(
            request, _("%(source)s: %(why)s") % {"source": found.label, "why": failure}, extra_tags="bad"
        )
    else:
        messages.success(request, _("%(source)s: %(how)s") % {"source": found.label, "how": report.sentence})
        for warning in report.warnings:
            messages.warning(request, warning, extra_tags="warn")
    return redirect("sources:source", key)


def _source_or_404(key: str) -> DataSource:
    try:
        return source_by_key(key)
    except UnknownSource as unknown:
        raise Http404(unknown.sentence) from unknown
