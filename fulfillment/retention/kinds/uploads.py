"""What those who answer for a source handed in, where no search has taken it over."""

from django.utils.translation import gettext_lazy as _

from fulfillment.owners.models import OwnerUpload
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Files handed in by owners"),
    goes=_("Deleted."),
    stage=Stage.FINDINGS,
    rows=(Rows(OwnerUpload, "task__subject_request"),),
)
