"""What sources said beforehand that a deletion would do."""

from django.utils.translation import gettext_lazy as _

from fulfillment.changes.rehearsals.models import Rehearsal
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Looks before a deletion"),
    goes=_("Deleted."),
    stage=Stage.FINDINGS,
    rows=(Rows(Rehearsal, "subject_request"),),
)
