"""The personal link of a task: its token is known to the mail alone, bound to one task, and expires."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from fulfillment.owners.errors import OwnerLinkExpired, OwnerLinkNotValid, OwnerTaskEnded
from fulfillment.owners.models import OwnerTask, OwnerTaskState
from requests_app.encryption.keys import secret_key

# A link outlives the day on which the answer is wanted, and not for long.
GRACE = timedelta(days=14)
_TOKEN = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def new_token(task: OwnerTask, *, at: datetime) -> str:
    """Give a task a fresh token, on the row and not yet saved; links that were mailed before stop working."""
    token = secrets.token_hex(16)
    task.token_digest = _digest(token)
    task.link_expires_at = max(task.answer_by, at) + GRACE
    task.code_digest, task.code_expires_at = "", None
    return token


def link_of(token: str) -> str:
    """The address of the page behind a token."""
    return settings.PUBLIC_URL + reverse("owners:door", args=[token])


def task_behind(token: str, *, at: datetime) -> OwnerTask:
    """The open task of a link. Raises OwnerLinkNotValid, OwnerLinkExpired, OwnerTaskEnded."""
    task = _known(token)
    if not task.is_open:
        raise OwnerTaskEnded(
            "This task was answered. Thank you: nothing more is to be done."
            if task.state == OwnerTaskState.ANSWERED
            else "This task is no longer wanted: the request went another way. Nothing is to be done."
        )
    if task.link_expires_at <= at:
        raise OwnerLinkExpired
    return task


def open_task_behind(token: str) -> OwnerTask:
    """The same whether or not the link has expired, to mail a new one. Raises OwnerLinkNotValid."""
    task = _known(token)
    if not task.is_open:
        raise OwnerLinkNotValid
    return task


def _known(token: str) -> OwnerTask:
    if not _TOKEN.fullmatch(token):
        raise OwnerLinkNotValid
    # Mail systems change the case of links.
    found = OwnerTask.objects.select_related("source", "subject_request", "map_version")
    task = found.filter(token_digest=_digest(token.lower())).first()
    if task is None:
        raise OwnerLinkNotValid
    return task


def _digest(token: str) -> str:
    said = f"owner-link\0{token}".encode()
    return hmac.new(secret_key("CODE_KEY"), said, hashlib.sha256).hexdigest()
