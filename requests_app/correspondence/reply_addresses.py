"""The address that an answer to a mail of ours goes to: it bears a token, and whoever has it is let in, no more.

A token shows that its bearer has a mail of the thread. It proves no identity, changes nothing and shows nothing; it
ends a while after its request. Neither references nor senders join a mail to a request, as anybody can write those.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from requests_app.correspondence.models import ReplyAddress
from requests_app.encryption.keys import secret_key
from requests_app.lifecycle.models import SubjectRequest

# 128 bits in base32: mail systems change the case of addresses.
TOKEN_BYTES = 16
TOKEN_IN_ADDRESS = re.compile(r"\+r\.([a-z2-7]{26})@", re.IGNORECASE)
# After the end of a request an answer to it still finds it, as a thing for a person.
LIVES_ON = timedelta(days=180)


def reply_address(subject_request: SubjectRequest) -> str:
    """The address for answers about a request; empty where our mail server takes no addresses with a plus."""
    if not settings.MAIL_REPLY_TOKENS:
        return ""
    local, _, domain = settings.MAIL_ADDRESSES[0].rpartition("@")
    return f"{local}+r.{_token_of(subject_request)}@{domain}"


def request_of(token: str, *, at: datetime) -> SubjectRequest | None:
    """The request whose token this is; None for one that is unknown, taken back or too old."""
    found = (
        ReplyAddress.objects.filter(token_hash=_hashed(token), revoked_at=None)
        .select_related("subject_request")
        .first()
    )
    if found is None:
        return None
    closed_at = found.subject_request.closed_at
    if found.subject_request.is_purged or (closed_at is not None and closed_at <= at - LIVES_ON):
        return None
    return found.subject_request


def revoke(subject_request: SubjectRequest, *, at: datetime) -> None:
    """Let the token of a request work no longer; the next mail to the person bears another one."""
    ReplyAddress.objects.filter(subject_request=subject_request, revoked_at=None).update(revoked_at=at)


def _token_of(subject_request: SubjectRequest) -> str:
    known = ReplyAddress.objects.filter(subject_request=subject_request, revoked_at=None).first()
    if known is not None:
        return str(known.token)
    token = base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().rstrip("=").lower()
    row = ReplyAddress(subject_request=subject_request, token=token, token_hash=_hashed(token))
    with transaction.atomic():
        # Of two that are sent at once one makes the token, and both bear it.
        ReplyAddress.objects.bulk_create([row], ignore_conflicts=True)
        return str(ReplyAddress.objects.get(subject_request=subject_request, revoked_at=None).token)


def _hashed(token: str) -> str:
    content = b"reply\0" + token.strip().lower().encode("utf-8", "replace")
    return hmac.new(secret_key("CODE_KEY"), content, hashlib.sha256).hexdigest()
