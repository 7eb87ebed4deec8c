"""The download itself."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fulfillment.bundles.download import bundle_for, open_for_download, volume_for
from fulfillment.bundles.errors import BundleGone, BundleUnreadable, RangeNotSatisfiable
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.ranges import ByteRange
from fulfillment.bundles.volumes import Volume
from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.portal.opened import PortalClosed, opened_request
from requests_app.portal.sessions import downloads_open_until

Answer = TypeVar("Answer", bound=HttpResponseBase)


@for_portal_session
@require_safe
def fetch(request: HttpRequest, bundle_id: UUID, number: int = 1) -> HttpResponseBase:
    """A zip of the copy, streamed; only with an opened request and a fresh code, only to its recipient."""
    now = timezone.now()
    try:
        found = asked_for(request, bundle_id=bundle_id, number=number, at=now)
        if found is None:
            return redirect("portal:download")
        bundle, volume = found
        if request.method == "HEAD":
            return _described(HttpResponse(), bundle, volume, ByteRange(0, volume.size - 1, volume.size))
        download = open_for_download(
            bundle=bundle,
            volume=volume,
            range_header=_wanted_range(request, volume),
            by=Actor.subject(bundle.subject_request.reference),
            at=now,
        )
    except PortalClosed as refusal:
        return refused(request, "portal/closed.html", refusal)
    except (BundleGone, BundleUnreadable) as refusal:
        return refused(request, "bundles/gone.html", refusal)
    except RangeNotSatisfiable as refusal:
        response = HttpResponse(
            refusal.sentence, status=refusal.status, content_type="text/plain; charset=utf-8"
        )
        response["Content-Range"] = f"bytes */{volume.size}"
        return response
    return _described(StreamingHttpResponse(download), bundle, volume, download.asked)


def asked_for(
    request: HttpRequest, *, bundle_id: UUID, number: int, at: datetime
) -> tuple[Bundle, Volume] | None:
    """The zip of a copy that this visitor may fetch now; None when a code is needed first.

    Raises PortalClosed, BundleGone.
    """
    subject_request = opened_request(request, at=at)
    if downloads_open_until(request, at=at) is None:
        return None
    bundle = bundle_for(subject_request, bundle_id=bundle_id, at=at)
    return bundle, volume_for(bundle, number)


def refused(request: HttpRequest, template: str, refusal: DomainError) -> HttpResponse:
    """The page that says why not."""
    response = render(request, template, {"refusal": refusal}, status=refusal.status)
    return kept_private(response)


def kept_private(response: Answer) -> Answer:
    """No cache keeps it, and no other site learns where it was found."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _wanted_range(request: HttpRequest, volume: Volume) -> str:
    """The Range header, unless it continues a file that has changed since (If-Range)."""
    unchanged = request.headers.get("If-Range")
    if unchanged is not None and unchanged != _tag(volume):
        return ""
    return request.headers.get("Range", "")


def _described(
    response: HttpResponseBase, bundle: Bundle, volume: Volume, asked: ByteRange
) -> HttpResponseBase:
    name = volume.file_name(bundle.subject_request.reference)
    if not asked.is_whole:
        response.status_code = 206
        response["Content-Range"] = asked.header
    response["Content-Type"] = "application/zip"
    response["Content-Length"] = str(asked.length)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(volume)
    return kept_private(response)


def _tag(volume: Volume) -> str:
    return f'"{volume.sha256}"'
