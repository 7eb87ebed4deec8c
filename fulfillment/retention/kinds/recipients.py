"""What recipients of data were told of the person, and what they answered."""

from django.utils.translation import gettext_lazy as _

from fulfillment.recipients.models import RecipientLetter, RecipientNotice
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Letters to recipients"),
    goes=_("Deleted. The audit keeps who was told of what, when, and what they answered."),
    stage=Stage.RECORD,
    rows=(Rows(RecipientLetter, "about__subject_request"), Rows(RecipientNotice, "subject_request")),
)
