"""What the letter in a copy says of services that it is to go to: it is made before anything is sent."""

from fulfillment.bundles.contents import ServiceContent
from fulfillment.transmissions.models import Transmission
from fulfillment.transmissions.states import TransmissionState
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest


def services_asked_for(subject_request: SubjectRequest) -> tuple[ServiceContent, ...]:
    """Every service that the person confirmed and did not take back, with its state as it is now."""
    confirmed = Transmission.objects.filter(subject_request=subject_request, confirmed_at__isnull=False)
    return tuple(
        ServiceContent(
            each.recipient_name, day_of(subject_request, each.confirmed_at), each.get_state_display()
        )
        for each in confirmed.exclude(state=TransmissionState.WITHDRAWN).order_by("number")
        if each.confirmed_at is not None
    )
