"""The page behind the link that stops a deletion: it works for whoever holds the link, signed in or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import open_to_all
from requests_app.decisions.cancel import cancel_by_token, look_at_cancel_link
from requests_app.decisions.errors import AlreadyStopped, DeletionHasBegun
from requests_app.identity.errors import LinkNotValid
from requests_app.lifecycle.clock import zone_of


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_deletion(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at the page changes nothing; its button stops the deletion."""
    try:
        if request.method == "POST":
            cancel_by_token(token=token, at=timezone.now())
            return redirect("portal:cancel-deletion", token)
        subject_request = look_at_cancel_link(token=token)
    except AlreadyStopped:
        return render(request, "portal/deletion_stopped.html")
    except (DeletionHasBegun, LinkNotValid) as refusal:
        context = {"refusal": refusal}
        return render(request, "portal/deletion_not_stopped.html", context, status=refusal.status)
    with timezone.override(zone_of(subject_request)):
        return render(request, "portal/stop_deletion.html", {"subject_request": subject_request})
