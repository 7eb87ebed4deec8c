"""Answers of forms that nobody sent."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from requests_app.intake.drafts import forget_drafts, old_drafts
from requests_app.intake.models import Draft
from requests_app.retention.base import Found, Kept, OwnDay


def _due(at: datetime) -> Found:
    return Found(old_drafts(at=at).count())


def _forget(at: datetime) -> int:
    return forget_drafts(at=at)


KEPT = Kept(
    label=_("Forms that were not sent"),
    goes=_("Deleted."),
    own_day=OwnDay(_("A day after the last answer"), _due, _forget, models=(Draft,)),
)
