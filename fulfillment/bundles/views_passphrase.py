"""The page on which somebody fetches their copy as a zip with a passphrase."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fulfillment.bundles.download import open_protected
from fulfillment.bundles.errors import BundleGone, BundleUnreadable
from fulfillment.bundles.forms import PassphraseForm
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.passphrase import new_passphrase
from fulfillment.bundles.views import asked_for, kept_private, refused
from fulfillment.bundles.volumes import Volume
from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.portal.opened import PortalClosed


@for_portal_session
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
def fetch_protected(request: HttpRequest, bundle_id: UUID, number: int) -> HttpResponseBase:
    """Show a fresh passphrase and what opens such a zip; send the zip, sealed while it is sent."""
    now = timezone.now()
    try:
        found = asked_for(request, bundle_id=bundle_id, number=number, at=now)
        if found is None:
            return redirect("portal:download")
        bundle, volume = found
        form = PassphraseForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return _page(request, form, volume)
        by = Actor.subject(bundle.subject_request.reference)
        download = open_protected(
            bundle=bundle, volume=volume, passphrase=form.cleaned_data["passphrase"], by=by, at=now
        )
    except PortalClosed as refusal:
        return refused(request, "portal/closed.html", refusal)
    except (BundleGone, BundleUnreadable) as refusal:
        return refused(request, "bundles/gone.html", refusal)
    return _attached(StreamingHttpResponse(download), bundle, volume)


def _page(request: HttpRequest, form: PassphraseForm, volume: Volume) -> HttpResponse:
    status = 422 if form.is_bound else 200
    if not form.is_bound:
        form.initial["passphrase"] = new_passphrase()
    return kept_private(
        render(request, "bundles/passphrase.html", {"form": form, "volume": volume}, status=status)
    )


def _attached(response: StreamingHttpResponse, bundle: Bundle, volume: Volume) -> StreamingHttpResponse:
    name = volume.file_name(f"{bundle.subject_request.reference}-protected")
    response["Content-Type"] = "application/zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # Sealed anew each time, so that a part of one does not fit the rest of another.
    response["Accept-Ranges"] = "none"
    kept_private(response)
    return response
