"""The page behind the link by which a young person objects to what a guardian asked for: it opens nobody's pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import open_to_all
from requests_app.decisions.errors import NothingToAnswer
from requests_app.decisions.young_person import look_at_objection_link, object_by_token
from requests_app.identity.errors import LinkNotValid
from requests_app.portal.forms import ObjectionForm


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to_guardian(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at the page changes nothing; its button tells the privacy team. It says nothing of the request."""
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    try:
        look_at_objection_link(token=token)
        if request.method == "POST" and form.is_valid():
            object_by_token(token=token, words=form.cleaned_data["words"], at=timezone.now())
            return render(request, "portal/guardian_objected.html")
    except (LinkNotValid, NothingToAnswer) as refusal:
        context = {"refusal": refusal}
        return render(request, "portal/objection_refused.html", context, status=refusal.status)
    return render(
        request, "portal/guardian_objection.html", {"form": form}, status=422 if form.errors else 200
    )
