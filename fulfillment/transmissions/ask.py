"""What the person does: name a service, confirm it with a fresh code, take it back until it is sent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.transmissions.endpoint import judged_endpoint
from fulfillment.transmissions.errors import NoSuchTransmission, NotOffered, TransmissionMoved
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.offered import why_not_offered
from fulfillment.transmissions.settle import drop_package
from fulfillment.transmissions.states import OPEN, TransmissionState
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.identity.codes import check_code
from requests_app.identity.models import Purpose
from requests_app.leases.models import WorkState
from requests_app.lifecycle.perform import locked


def name_service(
    *, subject_request_id: UUID, name: str, address: str, known_as: str, by: Actor, at: datetime
) -> Transmission:
    """Write down where the person wants their copy sent; nothing follows before they confirm it.

    What they named before and did not confirm is replaced. Raises NotOffered and UnfitEndpoint.
    """
    # A name is looked up here, which may take long: before anything is locked.
    endpoint = judged_endpoint(address)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        named = Transmission.objects.filter(subject_request=subject_request)
        for each in named.filter(state=TransmissionState.NAMED):
            _withdraw(each, by=by, at=at)
        refused = why_not_offered(subject_request, at=at)
        if refused is not None:
            raise NotOffered(refused)
        found = Transmission.objects.create(
            subject_request=subject_request,
            number=named.count() + 1,
            recipient_name=name,
            endpoint_sealed=endpoint.text,
            known_as=known_as,
            named_at=at,
        )
        facts = {"number": found.number}
        record(event="transmission.named", target=subject_request, by=by, at=at, facts=facts)
    return found


def confirm_service(*, transmission: Transmission, code: str, by: Actor, at: datetime) -> None:
    """The person has read where it goes and enters a fresh code. Raises as `check_code`, and TransmissionMoved.

    Call outside a transaction: a wrong try stays counted.
    """
    reference = transmission.subject_request.reference
    check_code(reference=reference, code=code, purposes=(Purpose.TRANSMISSION,), at=at)
    with transaction.atomic():
        subject_request = locked(transmission.subject_request_id)
        found = _locked(transmission)
        if found.state != TransmissionState.NAMED:
            raise TransmissionMoved(_("You have confirmed or taken this back already."))
        found.state, found.confirmed_at = TransmissionState.ASKED, at
        found.save(update_fields=["state", "confirmed_at"])
        facts = {"number": found.number}
        record(event="transmission.confirmed", target=subject_request, by=by, at=at, facts=facts)


def withdraw_service(*, transmission: Transmission, by: Actor, at: datetime) -> None:
    """Take it back. Raises TransmissionMoved once it was sent, and while it is being sent this minute."""
    with transaction.atomic():
        locked(transmission.subject_request_id)
        found = _locked(transmission)
        if found.state not in OPEN:
            raise TransmissionMoved(_("This has ended: there is nothing to take back any more."))
        _withdraw(found, by=by, at=at)


def transmission_of(subject_request_id: UUID, transmission_id: UUID) -> Transmission:
    """The transmission of that id, if it belongs to the request. Raises NoSuchTransmission."""
    found = (
        Transmission.objects.select_related("subject_request", "sending__bundle")
        .filter(pk=transmission_id, subject_request_id=subject_request_id)
        .first()
    )
    if found is None:
        raise NoSuchTransmission(_("There is no such service here."))
    return found


def _withdraw(found: Transmission, *, by: Actor, at: datetime) -> None:
    sending = Sending.objects.select_for_update().filter(transmission=found).first()
    if sending is not None:
        _stop(sending, at=at)
    found.state, found.ended_at = TransmissionState.WITHDRAWN, at
    found.save(update_fields=["state", "ended_at"])
    facts = {"number": found.number}
    record(event="transmission.withdrawn", target=found.subject_request, by=by, at=at, facts=facts)


def _stop(sending: Sending, *, at: datetime) -> None:
    """Whoever works on it finds the lease gone; a body that is on the wire now can no longer be called back."""
    is_under_way = sending.leased_until is not None and sending.leased_until > at
    if sending.sent_at is not None:
        raise TransmissionMoved(_("It has been sent already."))
    if sending.begun_at is not None and is_under_way:
        raise TransmissionMoved(_("It is being sent this minute. Look again in a moment."))
    sending.work_state, sending.leased_until = WorkState.CANCELLED, None
    sending.save(update_fields=["work_state", "leased_until"])
    drop_package(sending)


def _locked(transmission: Transmission) -> Transmission:
    return (
        Transmission.objects.select_for_update(of=("self",))
        .select_related("subject_request")
        .get(pk=transmission.pk)
    )
