"""Copies sent to other controllers: with whom the person does business, and what was packed for them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.states import Why
from fulfillment.transmissions.stop import (
    drop_old_packages,
    end_without_copy,
    left_without_copy,
    old_packages,
    stop_transmissions,
)
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Found, Kept, OwnDay, Rows, Stage


def _stop(subject_request: SubjectRequest, at: datetime) -> int:
    return stop_transmissions(subject_request=subject_request, why=Why.STOPPED, at=at, is_told=False)


def _due(at: datetime) -> Found:
    found = [each.transmission.subject_request.reference for each in old_packages(at=at)]
    found += [each.reference for each in left_without_copy(at=at)]
    return Found(len(found), tuple(sorted(found)))


def _forget(at: datetime) -> int:
    return end_without_copy(at=at) + drop_old_packages(at=at)


KEPT = Kept(
    label=_("Copies sent to other services"),
    goes=_(
        "Names, addresses, receipts and hashes are emptied. That something was sent, when and how it ended stays."
    ),
    stage=Stage.RECORD,
    first=(_stop,),
    rows=(
        Rows(
            Transmission,
            "subject_request",
            empties={
                "recipient_name": "",
                "endpoint_sealed": "",
                "known_as": "",
                "reason": "",
                "certificate": dict,
            },
        ),
        Rows(
            Sending,
            "transmission__subject_request",
            empties={
                "store_name": "",
                "wrapped_key": bytes,
                "sha256": "",
                "upload_sealed": "",
                "status_sealed": "",
                "receipt_key": "",
                "receipt": dict,
                "their_words": "",
                "last_error": "",
            },
        ),
    ),
    own_day=OwnDay(_("What was packed, with the copy it was made of"), _due, _forget),
)
