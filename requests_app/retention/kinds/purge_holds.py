"""The reasons of holds that kept a record beyond its day; that there was one stays."""

from django.utils.translation import gettext_lazy as _

from requests_app.retention.base import Kept, Rows, Stage
from requests_app.retention.models import PurgeHold

KEPT = Kept(
    label=_("Holds of records"),
    goes=_("Reasons are emptied. That and when a record was held stays."),
    stage=Stage.RECORD,
    rows=(Rows(PurgeHold, "subject_request", empties={"why": ""}),),
)
