"""What the person's download page shows of a bundle."""

from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.bundles.answer import answer_of
from fulfillment.bundles.download import open_bundle_of
from fulfillment.bundles.left_out import left_out
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.sections import records
from fulfillment.bundles.volumes import Volume
from requests_app import days
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
        "files": [_file(bundle, volume) for volume in bundle.parts],
        "protected": [
            (_words(volume)[0], reverse("bundles:fetch-protected", args=[bundle.pk, volume.number]))
            for volume in bundle.parts
        ],
        "expires_on": bundle.expires_at.date(),
        "kept": ngettext("%d day", "%d days", days) % days,
        "open_until": downloads_open_until(request, at=now),
        "left_out": left_out(contents),
        "is_narrow": contents.is_narrow,
        "held": records(bundle.row_count),
        "source_count": sum(1 for source in contents.sources if source.row_count),
    }


def _file(bundle: Bundle, volume: Volume) -> FileEntry:
    title, text = _words(volume)
    return FileEntry(
        title=title,
        text=text,
        size=filesizeformat(volume.size),
        fetched=_fetched(bundle, volume),
        sha256=volume.sha256,
        url=reverse("bundles:fetch-part", args=[bundle.pk, volume.number]),
        main=volume.number == 1,
    )


def _words(volume: Volume) -> tuple[str, str]:
    if volume.of == 1:
        return (
            _("Your information"),
            _("Save it, unpack it, then open index.html inside: it works without the internet."),
        )
    title = _("Part %(number)d of %(count)d") % {"number": volume.number, "count": volume.of}
    if volume.number == 1:
        return title, _("Save all parts, unpack them into one folder, then open index.html in it.")
    return title, _("Unpack it into the same folder as the first part.")


def _fetched(bundle: Bundle, volume: Volume) -> str:
    within = (volume.first, volume.first + volume.size - 1)
    fetches = bundle.fetches.filter(first_byte__range=within).order_by("-started_at")
    last, count = fetches.first(), fetches.count()
    if last is None:
        return _("not fetched yet")
    told = ngettext("fetched once", "fetched %(count)s times", count) % {"count": count}
    return _("%(told)s, last on %(day)s") % {"told": told, "day": days.day(last.started_at)}
