"""What staff decided record by record and by rule, with the words that a rule looks for."""

from django.utils.translation import gettext_lazy as _

from fulfillment.findings.decisions.models import ReviewDecision
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Decisions about findings"),
    goes=_("Deleted. The audit keeps how many were made, by whom and when."),
    stage=Stage.RECORD,
    rows=(Rows(ReviewDecision, "subject_request"),),
)
