"""Write down how a transmission ended: the row, the audit, the word to the person; once, under the lease."""

from datetime import datetime

from django.db import transaction

from fulfillment.bundles.selectors import outcome_of
from fulfillment.transmissions.errors import Final
from fulfillment.transmissions.letters import write_about
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.states import TransmissionState, Why
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.encryption.doomed import doom
from requests_app.leases.lease import Lease
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, make_move
from requests_app.lifecycle.states import RequestState

SYSTEM = Actor.system("fulfillment")


def settle_received(
    lease: Lease, sending: Sending, receipt: dict[str, object], *, is_signed: bool, at: datetime
) -> None:
    """The receipt fits: the copy is handed over, and a request that waited for that is answered. Raises LeaseLost."""
    with transaction.atomic():
        # The request first, as everywhere: two callers meet at its lock and not at each other's.
        subject_request = locked(sending.transmission.subject_request_id)
        with lease.settled():
            _keep(sending, receipt=receipt, receipt_is_signed=is_signed, receipted_at=at)
            lease.done(sent_at=sending.sent_at or at, sent_bytes=sending.size)
            drop_package(sending)
            facts = {"bytes": sending.size, "sha256": sending.sha256, "signed": is_signed}
            _end(sending.transmission, TransmissionState.RECEIVED, "", facts, at=at)
            if subject_request.state == RequestState.READY:
                given = {"outcome": outcome_of(sending.bundle)}
                make_move(subject_request, move=Move.DELIVER, by=SYSTEM, at=at, given=given)


def settle_final(lease: Lease, sending: Sending, ending: Final, *, at: datetime) -> None:
    """It has ended otherwise. The package stays while staff may have it sent once more. Raises LeaseLost."""
    with transaction.atomic():
        locked(sending.transmission.subject_request_id)
        with lease.settled():
            if ending.their_words:
                _keep(sending, their_words=ending.their_words)
            lease.give_up(error=ending.sentence)
            facts = {"why": ending.sentence, "begun": sending.begun_at is not None}
            _end(sending.transmission, ending.state, ending.why, facts, at=at)


def tell_the_person(transmission: Transmission, *, at: datetime) -> None:
    """A mail in neutral words, neither who was to receive it nor what it holds; and the letter that says both."""
    context = {
        "is_received": transmission.state == TransmissionState.RECEIVED,
        "is_unconfirmed": transmission.state in (TransmissionState.UNCONFIRMED, TransmissionState.DISPUTED),
        "portal_url": portal_link(),
    }
    write_message(
        Notice.TRANSMISSION_ENDED, subject_request=transmission.subject_request, at=at, context=context
    )
    write_about(transmission, at=at)


def drop_package(sending: Sending) -> None:
    """Make what was packed unreadable for ever, in the caller's transaction; its file goes once that is certain."""
    doom([sending.store_name])
    sending.store_name, sending.wrapped_key = "", b""
    sending.save(update_fields=["store_name", "wrapped_key"])


def _end(
    transmission: Transmission,
    state: TransmissionState,
    why: Why | str,
    facts: dict[str, object],
    *,
    at: datetime,
) -> None:
    transmission.state, transmission.why, transmission.ended_at = state, why, at
    transmission.seen_at = transmission.seen_by = None
    transmission.save(update_fields=["state", "why", "ended_at", "seen_at", "seen_by"])
    subject_request: SubjectRequest = transmission.subject_request
    facts = {"number": transmission.number, **facts}
    record(
        event={
            TransmissionState.RECEIVED: "transmission.received",
            TransmissionState.UNCONFIRMED: "transmission.unconfirmed",
            TransmissionState.DECLINED: "transmission.declined",
            TransmissionState.FAILED: "transmission.failed",
            TransmissionState.DISPUTED: "transmission.disputed",
        }[state],
        target=subject_request,
        by=SYSTEM,
        at=at,
        facts=facts,
    )
    tell_the_person(transmission, at=at)


def _keep(sending: Sending, **columns: object) -> None:
    for name, value in columns.items():
        setattr(sending, name, value)
    sending.save(update_fields=list(columns))
