"""Sessions of browsers, which say which request somebody had open."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from requests_app.retention.base import Found, Kept, OwnDay


def _due(at: datetime) -> Found:
    return Found(Session.objects.filter(expire_date__lte=at).count())


def _forget(at: datetime) -> int:
    return Session.objects.filter(expire_date__lte=at).delete()[0]


KEPT = Kept(
    label=_("Sessions of browsers"),
    goes=_("Deleted."),
    own_day=OwnDay(_("When they have run out"), _due, _forget, models=(Session,)),
)
