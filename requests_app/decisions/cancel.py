"""Stop a deletion by the link in its notice: looking changes nothing, the button behind it takes the request back."""

import hashlib
import hmac
import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.decisions.errors import AlreadyStopped, DeletionHasBegun
from requests_app.encryption.keys import secret_key
from requests_app.identity.errors import LinkNotValid
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform
from requests_app.lifecycle.states import RequestState

# The request's key and a signature, in lower-case hexadecimal: mail systems change the case of links.
_TOKEN = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})", re.IGNORECASE)


def cancel_token(subject_request: SubjectRequest) -> str:
    """The token of a waiting deletion. One that was approved a second time gets another."""
    return subject_request.pk.hex + _signature(subject_request)


def look_at_cancel_link(*, token: str) -> SubjectRequest:
    """The waiting deletion behind a link. Raises LinkNotValid, AlreadyStopped, DeletionHasBegun."""
    return _waiting(SubjectRequest.objects.filter(pk=_key_in(token), purged_at=None).first(), token)


def cancel_by_token(*, token: str, at: datetime) -> SubjectRequest:
    """Stop the deletion behind a link. Raises LinkNotValid, AlreadyStopped, DeletionHasBegun."""
    with transaction.atomic():
        known = look_at_cancel_link(token=token)
        # The same look once more under the lock: the deletion may begin at this very moment.
        subject_request = _waiting(locked(known.pk), token)
        return perform(
            subject_request_id=subject_request.pk,
            move=Move.WITHDRAW,
            by=Actor.subject(subject_request.reference),
            at=at,
        )


def _waiting(subject_request: SubjectRequest | None, token: str) -> SubjectRequest:
    if subject_request is None or not hmac.compare_digest(token.lower(), cancel_token(subject_request)):
        raise LinkNotValid
    if subject_request.state == RequestState.WITHDRAWN:
        raise AlreadyStopped("This deletion was stopped. Nothing was deleted because of it.")
    if subject_request.state != RequestState.WAITING_PERIOD:
        raise DeletionHasBegun("This deletion has begun, so it cannot be stopped any more.")
    return subject_request


def _key_in(token: str) -> UUID:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise LinkNotValid
    return UUID(found[1])


def _signature(subject_request: SubjectRequest) -> str:
    until = subject_request.waits_until.isoformat() if subject_request.waits_until else ""
    said = "\0".join(("cancel", str(subject_request.pk), until))
    return hmac.new(secret_key("CODE_KEY"), said.encode(), hashlib.sha256).hexdigest()[:32]
