"""Send a letter to a recipient: a mail to its mail server, a call to its system; effectively once either way."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from fulfillment.connectors.errors import ConnectorError, Retryable
from fulfillment.connectors.outbound import GuardedTransport
from fulfillment.connectors.webhook_signing import signed_headers
from fulfillment.recipients.models import RecipientLetter, Way
from fulfillment.recipients.secrets_kept import secrets_in_force
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.compose import mark
from requests_app.correspondence.deliver import deliver_mail
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, take

LEASE = timedelta(seconds=90)
ANSWER_SECONDS = 20.0
# With the waits below that is about four days; then a person sees it.
GIVE_UP_AFTER = 14
LONGEST_WAIT = timedelta(hours=12)
CUT_OFF = "The call was cut off several times without leaving a reason. Please look at the worker."
SYSTEM = Actor.system("fulfillment")


def deliver_letter(*, letter_id: UUID | str, at: datetime) -> bool:
    """Send a waiting letter. Returns whether it was sent now; False when it is done, held by another, or failed."""
    way = RecipientLetter.objects.values_list("way", flat=True).filter(pk=letter_id).first()
    if way is None:
        return False
    if way == Way.MAIL:
        return deliver_mail(RecipientLetter, letter_id, at=at)
    return _call(letter_id, at=at)


def _call(letter_id: UUID | str, *, at: datetime) -> bool:
    lease = take(RecipientLetter, letter_id, length=LEASE)
    if lease is None:
        return False
    letter = RecipientLetter.objects.select_related("about__recipient", "about__subject_request").get(
        pk=letter_id
    )
    if not letter.may_be_sent:
        with lease.settled():
            lease.give_up(error="The recipient has answered meanwhile.")
        return False
    if is_poison(lease, letter.last_error):
        _failed(lease, letter, poison_reason(letter.last_error, cut_off=CUT_OFF), for_good=True, at=at)
        return False
    try:
        return _called(lease, letter, at=at)
    except LeaseLost:
        # A later attempt has it; the other side knows the call by its id.
        return False


def _called(lease: Lease, letter: RecipientLetter, *, at: datetime) -> bool:
    try:
        status = _status(letter, at=at)
    except Retryable as failure:
        _failed(lease, letter, str(failure), for_good=False, at=at)
        return False
    except ConnectorError as failure:
        _failed(lease, letter, str(failure), for_good=True, at=at)
        return False
    if 200 <= status < 300:
        _sent(lease, letter, at=at)
        return True
    # 410 says that nobody is there any more; every other answer may be put right on the other side.
    _failed(
        lease,
        letter,
        f"The recipient's system answered {status}.",
        for_good=status == httpx.codes.GONE,
        at=at,
    )
    return False


def _status(letter: RecipientLetter, *, at: datetime) -> int:
    """What the recipient's system answers; what else it says is not read. Raises ConnectorError."""
    recipient = letter.about.recipient
    assert recipient is not None  # noqa: S101 - nobody is written to whom nobody has set up
    body = _filled(letter)
    key = str(letter.pk)
    signed = signed_headers(secrets_in_force(recipient.secrets_sealed, at=at), key=key, body=body, at=at)
    headers = {"content-type": "application/json", "idempotency-key": key, **signed}
    transport = GuardedTransport(recipient.label, seconds=ANSWER_SECONDS)
    try:
        with (
            httpx.Client(
                transport=transport, timeout=ANSWER_SECONDS, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", letter.to_address, content=body, headers=headers) as response,
        ):
            return response.status_code
    except httpx.InvalidURL:
        raise Retryable("The address of this recipient cannot be used.") from None
    except httpx.TransportError as error:
        raise Retryable(f"The recipient's system cannot be reached ({type(error).__name__}).") from None


def _filled(letter: RecipientLetter) -> bytes:
    text = str(letter.text)
    for name, value in letter.secrets.items():
        text = text.replace(mark(name), json.dumps(value, ensure_ascii=False)[1:-1])
    return text.encode()


def _sent(lease: Lease, letter: RecipientLetter, *, at: datetime) -> None:
    with lease.settled():
        letter.sent_at, letter.secrets = at, {}
        letter.save(update_fields=["sent_at", "secrets"])
        lease.done()
        facts = {"notice": letter.notice}
        record(event="message.sent", target=letter.concerns, by=SYSTEM, at=at, facts=facts)


def _failed(lease: Lease, letter: RecipientLetter, reason: str, *, for_good: bool, at: datetime) -> None:
    with lease.settled():
        if for_good or lease.attempt >= GIVE_UP_AFTER:
            lease.give_up(error=reason)
            facts = {"notice": letter.notice, "why": reason}
            record(event="message.failed", target=letter.concerns, by=SYSTEM, at=at, facts=facts)
        else:
            lease.again(
                after=min(timedelta(seconds=15 * 3 ** min(lease.attempt - 1, 9)), LONGEST_WAIT), error=reason
            )
