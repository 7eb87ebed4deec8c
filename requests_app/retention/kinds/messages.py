"""What we wrote to the person, by mail."""

from django.utils.translation import gettext_lazy as _

from requests_app.correspondence.models import Message
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Messages to the person"),
    goes=_("Deleted. The audit keeps which notice was sent, and when."),
    stage=Stage.RECORD,
    rows=(Rows(Message, "subject_request"),),
)
