"""Copies: each ends on its own day; what names its parts, its hash and its recipient goes with the record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fulfillment.bundles.discard import end_bundle
from fulfillment.bundles.expire import expire_bundles, expired_bundles
from fulfillment.bundles.models import Bundle, BundleFetch, BundleState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Found, Kept, OwnDay, Rows, Stage

# A released copy names its recipient; this is nobody.
NOBODY = "purged"


def _end_living(subject_request: SubjectRequest, at: datetime) -> int:
    with transaction.atomic():
        living = Bundle.objects.select_for_update().filter(subject_request=subject_request, ended_at=None)
        for bundle in living:
            end_bundle(bundle, state=BundleState.EXPIRED, at=at)
    return len(living)


def _due(at: datetime) -> Found:
    found = expired_bundles(at=at).values_list("subject_request__reference", flat=True)
    return Found(len(found), tuple(sorted(found)))


def _forget(at: datetime) -> int:
    return expire_bundles(at=at)


KEPT = Kept(
    label=_("Copies"),
    goes=_("The file is deleted. Size, numbers of records and parts, and when it was fetched stay."),
    stage=Stage.RECORD,
    first=(_end_living,),
    rows=(
        Rows(
            Bundle,
            "subject_request",
            empties={
                "store_name": "",
                "wrapped_key": bytes,
                "sha256": "",
                "manifest": dict,
                "shape": list,
                "volumes": list,
                "recipient_index": NOBODY,
                "last_error": "",
            },
        ),
        Rows(BundleFetch, "bundle__subject_request", empties={"by": ""}),
    ),
    own_day=OwnDay(_("Each copy on its last day"), _due, _forget),
)
