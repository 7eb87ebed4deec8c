"""The doors of the law pages: all laws, one law, and the figures that counsel should look at."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from requests_app.accounts.permissions import for_staff_who_may
from requests_app.jurisdictions.coming import coming_laws
from requests_app.jurisdictions.load import UnknownRegime, jurisdiction
from requests_app.review.laws import words
from requests_app.review.laws.doubts import all_checked, checked
from requests_app.review.laws.statements import sections_of
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    """List every law with its term and how far it was checked, and the laws to come."""
    today = timezone.localdate()
    found = all_checked(get_language() or "en")
    rows = [
        {
            "law": each.law,
            "status": words.STATUSES[each.law.status],
            "term": words.length(each.law.response_on(today).number, each.law.response_on(today).unit),
            "checked": each,
        }
        for each in found
    ]
    context = {
        "rows": rows,
        "coming": coming_laws(),
        "today": today,
        "doubts": sum(len(each.unverified) for each in found),
    }
    return render(request, "laws/laws.html", context)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def law(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything one law says, with its sources."""
    try:
        found = jurisdiction(key)
    except UnknownRegime as unknown:
        raise Http404(unknown.sentence) from unknown
    context = {"law": found, "sections": sections_of(found), "checked": checked(found)}
    return render(request, "laws/law.html", context)


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def doubts(request: HttpRequest) -> HttpResponse:
    """List every figure that nobody has read on a page, and every one that can be read two ways."""
    found = [each for each in all_checked(get_language() or "en") if each.unverified or each.strict]
    context = {
        "found": found,
        "unverified": sum(len(each.unverified) for each in found),
        "strict": sum(len(each.strict) for each in found),
    }
    return render(request, "laws/doubts.html", context)
