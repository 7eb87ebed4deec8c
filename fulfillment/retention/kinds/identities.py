"""What a person is known by, with the keyed index of each value."""

from django.utils.translation import gettext_lazy as _

from fulfillment.identities.models import KnownIdentity
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("What a person is known by"),
    goes=_("Deleted, with the keyed index by which the same person was recognised."),
    stage=Stage.RECORD,
    rows=(Rows(KnownIdentity, "subject_request"),),
)
