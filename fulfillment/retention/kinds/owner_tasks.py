"""Whom we asked by mail about a source, with what they were to look for, and the mails about it."""

from django.utils.translation import gettext_lazy as _

from fulfillment.owners.models import OwnerMail, OwnerTask
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Tasks of owners"),
    goes=_(
        "Deleted with their mails. The audit keeps that a source was asked, and what was answered in numbers."
    ),
    stage=Stage.RECORD,
    rows=(Rows(OwnerMail, "task__subject_request"), Rows(OwnerTask, "subject_request")),
)
