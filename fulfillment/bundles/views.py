"""The download itself, and the key that checks it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fulfillment.bundles.download import bundle_for, open_for_download
from fulfillment.bundles.errors import BundleGone, BundleUnreadable, RangeNotSatisfiable
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.ranges import ByteRange
from fulfillment.bundles.signing import own_public_key
from requests_app.accounts.permissions import for_portal_session, open_to_all
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.portal.opened import PortalClosed, opened_request
from requests_app.portal.sessions import downloads_open_until


@for_portal_session
@require_safe
def fetch(request: HttpRequest, bundle_id: UUID) -> HttpResponseBase:
    """The zip, streamed; only with an opened request and a fresh code, only to its recipient."""
    now = timezone.now()
    try:
        subject_request = opened_request(request, at=now)
        if downloads_open_until(request, at=now) is None:
            return redirect("portal:download")
        bundle = bundle_for(subject_request, bundle_id=bundle_id, at=now)
        if request.method == "HEAD":
            return _described(HttpResponse(), bundle, ByteRange(0, bundle.size - 1, bundle.size))
        download = open_for_download(
            bundle=bundle,
            range_header=_wanted_range(request, bundle),
            by=Actor.subject(subject_request.reference),
            at=now,
        )
    except PortalClosed as refusal:
        return _refused(request, "portal/closed.html", refusal)
    except (BundleGone, BundleUnreadable) as refusal:
        return _refused(request, "bundles/gone.html", refusal)
    except RangeNotSatisfiable as refusal:
        response = HttpResponse(
            refusal.sentence, status=refusal.status, content_type="text/plain; charset=utf-8"
        )
        response["Content-Range"] = f"bytes */{bundle.size}"
        return response
    return _described(StreamingHttpResponse(download), bundle, download.asked)


@open_to_all
@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The key with which anybody can check a bundle's signature."""
    return HttpResponse(own_public_key().pem, content_type="application/x-pem-file")


def _wanted_range(request: HttpRequest, bundle: Bundle) -> str:
    """The Range header, unless it continues a file that has changed since (If-Range)."""
    unchanged = request.headers.get("If-Range")
    if unchanged is not None and unchanged != _tag(bundle):
        return ""
    return request.headers.get("Range", "")


def _described(response: HttpResponseBase, bundle: Bundle, asked: ByteRange) -> HttpResponseBase:
    if not asked.is_whole:
        response.status_code = 206
        response["Content-Range"] = asked.header
    response["Content-Type"] = "application/zip"
    response["Content-Length"] = str(asked.length)
    response["Content-Disposition"] = f'attachment; filename="{bundle.subject_request.reference}.zip"'
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(bundle)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _tag(bundle: Bundle) -> str:
    return f'"{bundle.sha256}"'


def _refused(request: HttpRequest, template: str, refusal: DomainError) -> HttpResponse:
    response = render(request, template, {"refusal": refusal}, status=refusal.status)
    response["Cache-Control"] = "private, no-store"
    return response
