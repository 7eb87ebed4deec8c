"""The steps of a walk in which somebody moves to another company, and takes their information along."""

from django.conf import settings

from fulfillment.transmissions.ask import confirm_service, name_service
from fulfillment.transmissions.decide import approve_service, look_at_host
from fulfillment.transmissions.models import Transmission
from omne_dsar import environment
from omne_dsar.demo.walk import Walk
from omne_dsar.demo.wren import places
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose

KNOWN_AS = "wren-20417"


def send_to_wren(walk: Walk) -> None:
    """A service is named, confirmed and approved; the worker sends the copy as soon as it runs, and has a receipt."""
    found = _named(walk, places.NAME, places.OPEN)
    if found is not None:
        look_at_host(transmission_id=found.pk, by=walk.approver, at=walk.later())
        approve_service(transmission_id=found.pk, by=walk.approver, at=walk.later())


def name_an_old_address(walk: Walk) -> None:
    """Another one waits for an approval; whoever gives it sees how a refusal by the other side is told."""
    _named(walk, f"{places.NAME}, the old address", places.CLOSED)


def _named(walk: Walk, name: str, path: str) -> Transmission | None:
    """Name and confirm a service; None where the demo runs without one, or without sending at all."""
    address = environment.text(places.ADDRESS, "")
    if not address or not settings.PORTABILITY_PUSH:
        return None
    asked = walk.subject_request
    by, at = Actor.subject(asked.reference), walk.later()
    found = name_service(
        subject_request_id=asked.pk, name=name, address=address + path, known_as=KNOWN_AS, by=by, at=at
    )
    issue_code(subject_request=asked, purpose=Purpose.TRANSMISSION, by=by, at=at)
    mailed = Message.objects.filter(subject_request=asked, notice="transmission_code").latest("written_at")
    confirm_service(transmission=found, code=str(mailed.secrets["code"]), by=by, at=at)
    return found
