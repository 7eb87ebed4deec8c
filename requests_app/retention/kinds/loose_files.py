"""Files that no row names: what a worker leaves that was killed between writing a file and its row."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from requests_app.encryption.doomed import remove_doomed
from requests_app.encryption.models import DoomedFile
from requests_app.encryption.orphans import count_orphans, remove_orphans
from requests_app.retention.base import Found, Kept, OwnDay


def _due(at: datetime) -> Found:
    return Found(count_orphans(at=at) + DoomedFile.objects.count())


def _forget(at: datetime) -> int:
    return remove_doomed() + remove_orphans(at=at)


KEPT = Kept(
    label=_("Files that belong to nothing"),
    goes=_("Deleted. Nobody holds a key to them any more."),
    own_day=OwnDay(_("A day after they were written"), _due, _forget, models=(DoomedFile,), daily=True),
)
