"""Questions about the tasks of those who answer for sources."""

from collections.abc import Iterable

from django.db.models import Prefetch

from fulfillment.owners.mails import OwnerNotice
from fulfillment.owners.models import OwnerMail, OwnerTask
from requests_app.leases.models import WorkState

LINKS = (OwnerNotice.ASKED, OwnerNotice.REMINDED)


def tasks_by_key(keys: Iterable[str]) -> dict[str, OwnerTask]:
    """The tasks of these keys, each with its mails but not what they say."""
    mails = OwnerMail.objects.filter(notice__in=LINKS).defer("text", "html", "secrets")
    newest_first = Prefetch("mails", mails.order_by("-written_at", "-id"), to_attr="mails_with_links")
    found = OwnerTask.objects.filter(key__in=list(keys)).prefetch_related(newest_first)
    return {task.key: task for task in found}


def why_not_reached(task: OwnerTask) -> str:
    """Why the last mail with a link did not reach whoever is asked; empty while it may, or did."""
    last = next(iter(_mails_with_links(task)), None)
    return last.last_error if last is not None and last.work_state == WorkState.DEAD and task.is_open else ""


def _mails_with_links(task: OwnerTask) -> Iterable[OwnerMail]:
    known: list[OwnerMail] | None = getattr(task, "mails_with_links", None)
    return task.mails.filter(notice__in=LINKS).order_by("-written_at", "-id") if known is None else known
