"""The doors of the queue: the list, its CSV, the search box and giving requests to people."""

from dataclasses import asdict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from requests_app.accounts.models import StaffMember
from requests_app.accounts.permissions import for_any_staff, for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.components.parts import Tab
from requests_app.errors import DomainError
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.states import RequestState
from requests_app.review import selectors
from requests_app.review.assign import NOBODY, assign_requests
from requests_app.review.filters import QueueFilter, filtered, read_filter, understood, words_for
from requests_app.review.navigation import home_of
from requests_app.review.rows import csv_lines, rows_of
from requests_app.review.words import regime_name
from requests_app.roles import Permission

PER_PAGE = 50
CSV_ROWS = 5000


@for_any_staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first page that this person may see."""
    return redirect(home_of(staff_member(request)))


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the requests of one view, filtered as the address says."""
    member, now = staff_member(request), timezone.now()
    view, chosen = _chosen(request.GET)
    listed = filtered(selectors.queue_in(view, member, at=now), chosen, member)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts(member, at=now)
    context = {
        "view": view,
        "tabs": _tabs(view, counts),
        "chosen": chosen,
        "chips": _chips(view, chosen),
        "rows": rows_of(page.object_list, now=now),
        "page": page,
        "total": counts[view.key],
        "today": now,
        "rights": [(code, each.short_label) for code, each in RIGHTS.items()],
        "states": RequestState.choices,
        "regimes": [(key, regime_name(key)) for key in selectors.regimes_in_use()],
        "staff": selectors.staff_who_work() if member.may(Permission.ASSIGN) else [],
        "may_assign": member.may(Permission.ASSIGN),
        "may_take": member.may(Permission.WORK_CASES),
        "query": chosen.as_query(view=view.key),
        "next_due": selectors.next_due(at=now) if not page.object_list else None,
        "unassigned": counts["unassigned"],
    }
    return render(request, "review/queue.html", context)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def queue_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the same list as CSV, names masked as on the page."""
    member, now = staff_member(request), timezone.now()
    view, chosen = _chosen(request.GET)
    listed = filtered(selectors.queue_in(view, member, at=now), chosen, member)[:CSV_ROWS]
    lines = csv_lines(rows_of(listed, now=now))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="queue-{timezone.localdate(now).isoformat()}.csv"'
    )
    return response


@for_staff_who_may(Permission.SEE_CASES)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Turn the filter bar into an address; a mail address that was typed becomes its blind index there."""
    chosen = read_filter(request.POST)
    found = understood(request.POST.get("words", ""))
    # Somebody who looks for one reference or one person means all requests, not those of this tab.
    view = "all" if found else request.POST.get("view", "all")
    query = urlencode(
        {key: value for key, value in {"view": view, **asdict(chosen), **found}.items() if value}
    )
    return redirect(f"{reverse('review:queue')}?{query}")


@for_staff_who_may(Permission.ASSIGN)
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked requests to a person."""
    member, references = staff_member(request), request.POST.getlist("reference")[:PER_PAGE]
    back = request.POST.get("back", "")
    try:
        changed = assign_requests(
            references=references,
            assignee_id=_assignee(request.POST.get("assignee", ""), member),
            by=Actor.staff(member),
            at=timezone.now(),
        )
    except DomainError as refused:
        messages.error(request, refused.sentence, extra_tags="bad")
    else:
        said = ngettext("%(count)s request was given.", "%(count)s requests were given.", len(changed))
        messages.success(request, said % {"count": len(changed)} if changed else _("Nothing was to change."))
    if back == "case" and len(references) == 1:
        return redirect("review:case", reference=references[0])
    return redirect(f"{reverse('review:queue')}?{QueryDict(back).urlencode()}")


def _assignee(value: str, member: StaffMember) -> UUID | None:
    if value == "me":
        return member.pk
    if value == NOBODY:
        return None
    try:
        return UUID(value)
    except ValueError:
        # An id that nobody has: the service answers for it in a sentence.
        return UUID(int=0)


def _chosen(query: QueryDict) -> tuple[selectors.QueueView, QueueFilter]:
    return selectors.BY_KEY.get(query.get("view", ""), selectors.VIEWS[0]), read_filter(query)


def _tabs(current: selectors.QueueView, counts: dict[str, int]) -> list[Tab]:
    address = reverse("review:queue")
    return [
        Tab(
            str(view.label),
            f"{address}?view={view.key}",
            view is current,
            counts[view.key],
            view.is_alarm and counts[view.key] > 0,
        )
        for view in selectors.VIEWS
    ]


def _chips(view: selectors.QueueView, chosen: QueueFilter) -> list[tuple[str, str]]:
    regimes = {chosen.regime: regime_name(chosen.regime)} if chosen.regime else {}
    address = reverse("review:queue")
    return [
        (words, f"{address}?{chosen.without(name).as_query(view=view.key)}")
        for name, words in words_for(chosen, regimes)
    ]
