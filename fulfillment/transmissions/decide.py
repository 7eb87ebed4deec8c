"""What staff do: look at the host, approve or refuse, have it sent once more, write down that they saw it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.bundles.download import open_bundle_of
from fulfillment.transmissions.certificate import look_at_certificate
from fulfillment.transmissions.errors import (
    ApproverPrepared,
    NoSuchTransmission,
    TransmissionMoved,
)
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.package import sent_parts
from fulfillment.transmissions.settle import drop_package, tell_the_person
from fulfillment.transmissions.signals import sending_let_go
from fulfillment.transmissions.states import TROUBLED, TransmissionState
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.revive import back_in_line
from requests_app.lifecycle.eyes import who_prepared
from requests_app.lifecycle.perform import locked
from requests_app.roles import Permission, permissions_of

S = TransmissionState


def look_at_host(*, transmission_id: UUID, by: Actor, at: datetime) -> Transmission:
    """See what the certificate of the host says; a handshake, and no page is asked for. Raises NotPermitted."""
    _permitted(by)
    found = _found(transmission_id)
    # Before anything is locked: the host may take its time.
    facts = look_at_certificate(found.endpoint)
    with transaction.atomic():
        found.certificate, found.looked_at = facts.as_json, at
        found.save(update_fields=["certificate", "looked_at"])
        record(
            event="transmission.looked_at",
            target=found.subject_request,
            by=by,
            at=at,
            facts={"number": found.number},
        )
    return found


def why_not_approved(transmission: Transmission, by: Actor, *, at: datetime) -> str | None:
    """Why this member of staff cannot let it go now; None where they can."""
    subject_request = transmission.subject_request
    if transmission.state != S.ASKED:
        return _("This does not wait for an approval.")
    if by.staff_id in who_prepared(subject_request):
        return _("You prepared this request, so another person approves the sending.")
    bundle = open_bundle_of(subject_request, at=at)
    if bundle is None:
        return _(
            "The copy has not been released yet, or is no longer here. It is approved after the release."
        )
    if not sent_parts(bundle):
        return _("This copy holds no records that can be moved.")
    return None


def approve_service(*, transmission_id: UUID, by: Actor, at: datetime) -> Sending:
    """Let the released copy go there; the work begins by itself.

    Raises NotPermitted, ApproverPrepared (four eyes), TransmissionMoved and NotOffered.
    """
    _permitted(by)
    with transaction.atomic():
        found = _locked(transmission_id)
        if by.staff_id in who_prepared(found.subject_request):
            raise ApproverPrepared(str(why_not_approved(found, by, at=at)))
        refused = why_not_approved(found, by, at=at)
        if refused is not None:
            raise TransmissionMoved(refused)
        bundle = open_bundle_of(found.subject_request, at=at)
        assert bundle is not None  # noqa: S101 - asked above
        _decided(found, S.APPROVED, by, at)
        facts = {"number": found.number, "copy": bundle.number}
        record(event="transmission.approved", target=found.subject_request, by=by, at=at, facts=facts)
        sending = Sending.objects.create(transmission=found, bundle=bundle, created_at=at)
        sending_let_go.send(Sending, sending=sending, at=at)
    return sending


def refuse_service(*, transmission_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Do not send it there, for a reason that the person reads. Raises NotPermitted, BadInput, TransmissionMoved."""
    _permitted(by)
    if not reason.strip():
        raise BadInput(_("Say why. The person reads it."))
    with transaction.atomic():
        found = _locked(transmission_id)
        if found.state != S.ASKED:
            raise TransmissionMoved(_("This does not wait for an approval."))
        found.reason, found.ended_at = reason.strip(), at
        _decided(found, S.REFUSED, by, at)
        facts = {"number": found.number}
        record(event="transmission.refused", target=found.subject_request, by=by, at=at, facts=facts)
        tell_the_person(found, at=at)


def send_again(*, transmission_id: UUID, by: Actor, at: datetime) -> None:
    """Have the same package offered and sent once more, under its own key. Raises NotPermitted, TransmissionMoved."""
    _permitted(by)
    with transaction.atomic():
        found = _locked(transmission_id)
        sending = Sending.objects.select_for_update().filter(transmission=found).first()
        if found.state not in TROUBLED or sending is None:
            raise TransmissionMoved(_("This does not wait for a person."))
        is_packed = bool(bytes(sending.wrapped_key)) or not sending.sha256
        if not sending.bundle.is_open(at=at) or not is_packed:
            raise TransmissionMoved(_("What was to be sent is no longer here."))
        if not back_in_line(sending):
            raise TransmissionMoved(_("This does not wait for a person."))
        sending.refresh_from_db()
        _as_before_the_offer(sending)
        found.state, found.why, found.ended_at = S.APPROVED, "", None
        found.save(update_fields=["state", "why", "ended_at"])
        facts = {"number": found.number}
        record(event="transmission.tried_again", target=found.subject_request, by=by, at=at, facts=facts)
        sending_let_go.send(Sending, sending=sending, at=at)


def note_seen(*, transmission_id: UUID, by: Actor, at: datetime) -> None:
    """Somebody has seen how it ended, and leaves it at that; what was packed goes. Raises TransmissionMoved."""
    with transaction.atomic():
        found = _locked(transmission_id)
        if found.state not in TROUBLED or found.seen_at is not None:
            raise TransmissionMoved(_("This does not wait for a person."))
        found.seen_at, found.seen_by_id = at, _member_id(by)
        found.save(update_fields=["seen_at", "seen_by"])
        for sending in Sending.objects.select_for_update().filter(transmission=found):
            drop_package(sending)
        facts = {"number": found.number}
        record(event="transmission.seen", target=found.subject_request, by=by, at=at, facts=facts)


def _as_before_the_offer(sending: Sending) -> None:
    sending.accepted_at = sending.sent_at = None
    sending.upload_sealed = sending.status_sealed = sending.their_words = sending.receipt_key = ""
    sending.asked_for_receipt, sending.sent_bytes = 0, 0
    sending.save()


def _decided(found: Transmission, state: TransmissionState, by: Actor, at: datetime) -> None:
    found.state, found.decided_at, found.decided_by_id = state, at, _member_id(by)
    found.save(update_fields=["state", "decided_at", "decided_by", "reason", "ended_at"])


def _member_id(by: Actor) -> UUID:
    if by.staff_id is None:
        raise NotPermitted(_("A member of staff decides this."))
    return UUID(by.staff_id)


def _permitted(by: Actor) -> None:
    if Permission.RELEASE not in permissions_of(by.roles):
        raise NotPermitted(_("Only somebody who may release an answer decides where else it goes."))


def _found(transmission_id: UUID) -> Transmission:
    found = Transmission.objects.select_related("subject_request").filter(pk=transmission_id).first()
    if found is None:
        raise NoSuchTransmission(_("There is no such transmission."))
    return found


def _locked(transmission_id: UUID) -> Transmission:
    subject_request = locked(_found(transmission_id).subject_request_id)
    found = Transmission.objects.select_for_update(of=("self",)).get(pk=transmission_id)
    found.subject_request = subject_request
    return found
