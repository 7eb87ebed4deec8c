"""Services that the person asked us to send their copy to, told by the app that sends; bundles need not know how."""

from collections.abc import Callable

from fulfillment.bundles.contents import ServiceContent
from requests_app.lifecycle.models import SubjectRequest

Teller = Callable[[SubjectRequest], tuple[ServiceContent, ...]]

_tellers: list[Teller] = []


def tell_of_services(teller: Teller) -> None:
    """Register who knows of services; called once, from `ready`."""
    if teller not in _tellers:
        _tellers.append(teller)


def services_of(subject_request: SubjectRequest) -> tuple[ServiceContent, ...]:
    """Those that the person named and confirmed, and how far each is now."""
    return tuple(each for teller in _tellers for each in teller(subject_request))
