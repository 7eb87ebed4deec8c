"""What the person's download page shows of a bundle."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.bundles.answer import answer_of
from fulfillment.bundles.download import open_bundle_of
from fulfillment.bundles.left_out import left_out
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.sections import records
from requests_app.components.parts import FileEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.sessions import downloads_open_until

TEMPLATE = "bundles/portal_download.html"


def portal_download(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """The context of the panel; None when there is nothing to fetch (any more)."""
    now = timezone.now()
    bundle = open_bundle_of(subject_request, at=now)
    if bundle is None or bundle.expires_at is None or bundle.released_at is None:
        return None
    contents = answer_of(bundle, at=now)
    days = (bundle.expires_at - bundle.released_at).days
    return {
        "files": [_file(bundle)],
        "expires_on": bundle.expires_at.date(),
        "kept": ngettext("%d day", "%d days", days) % days,
        "open_until": downloads_open_until(request, at=now),
        "left_out": left_out(contents),
        "is_narrow": contents.is_narrow,
        "held": records(bundle.row_count),
        "source_count": sum(1 for source in contents.sources if source.row_count),
    }


def _file(bundle: Bundle) -> FileEntry:
    return FileEntry(
        title=_("Your information"),
        text=_("Save it, unpack it, then open index.html inside: it works without the internet."),
        size=filesizeformat(bundle.size),
        fetched=_fetched(bundle),
        sha256=bundle.sha256,
        url=reverse("bundles:fetch", args=[bundle.pk]),
        main=True,
    )


def _fetched(bundle: Bundle) -> str:
    last = bundle.fetches.order_by("-started_at").first()
    if last is None:
        return _("not fetched yet")
    times = ngettext("fetched once", "fetched %d times", bundle.fetch_count)
    told = times % bundle.fetch_count if bundle.fetch_count > 1 else times
    return _("%(told)s, last on %(day)s") % {"told": told, "day": _day(last.started_at)}


def _day(moment: datetime) -> str:
    return date_format(moment, "j F Y")
