"""Holds of changes and of single records that are over; while one stands nothing of the request goes."""

from django.utils.translation import gettext_lazy as _

from fulfillment.changes.models import ChangeHold
from fulfillment.changes.record_holds.models import RecordHold
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Holds of changes and records"),
    goes=_("Deleted once they are over. The audit keeps that there was one, and when."),
    stage=Stage.RECORD,
    rows=(Rows(RecordHold, "subject_request"), Rows(ChangeHold, "subject_request")),
)
