"""A released copy of a request to move, and the ways to have it sent."""

import base64
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.release import release_bundle
from fulfillment.findings.gather import search_source
from fulfillment.runs.finish import finish_run
from fulfillment.sources.connect import connect_source
from fulfillment.transmissions.ask import confirm_service, name_service
from fulfillment.transmissions.decide import approve_service
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.send import send_copy
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in, piet, rosa
from tests.fulfillment.bundles.conftest import MAP, ROWS
from tests.reviewing import finish_review

NAME, KNOWN_AS = "Sol Services", "C-1042"


def checked_move(right: str = "portability") -> SubjectRequest:
    """Ada wants to move her information, or to have something else that is handed over; the shop was searched."""
    connect_source(
        key="shop", kind="in_memory", label="Shop", settings={"rows": ROWS}, map_yaml=MAP, by=SYSTEM, at=NOON
    )
    asked = a_request_in(RequestState.FULFILLING, right=right)
    run = asked.runs.get()
    for task in run.tasks.all():
        search_source(task_id=task.pk, at=NOON)
    assert finish_run(run_id=run.pk, at=NOON)
    return SubjectRequest.objects.get(pk=asked.pk)


def released_move(right: str = "portability") -> Bundle:
    """The same, with a copy that Piet released a minute ago, by the real clock."""
    asked = checked_move(right)
    by = Actor.staff(rosa())
    finish_review(asked, by=by, at=asked.state_since + timedelta(days=1))
    bundle = Bundle.objects.get(subject_request=asked)
    assert build_bundle(bundle_id=bundle.pk, at=asked.state_since + timedelta(days=1))
    at = timezone.now() - timedelta(minutes=1)
    return release_bundle(bundle_id=bundle.pk, by=Actor.staff(piet()), at=at)


def ada(asked: SubjectRequest) -> Actor:
    """The person at her own pages."""
    return Actor.subject(asked.reference)


def named(asked: SubjectRequest, url: str, *, at: datetime | None = None) -> Transmission:
    """Ada names a service."""
    return name_service(
        subject_request_id=asked.pk,
        name=NAME,
        address=url,
        known_as=KNOWN_AS,
        by=ada(asked),
        at=at or timezone.now(),
    )


def fresh_code(asked: SubjectRequest) -> str:
    """A code mailed for the sending."""
    issue_code(subject_request=asked, purpose=Purpose.TRANSMISSION, by=ada(asked), at=timezone.now())
    return str(Message.objects.filter(notice="transmission_code").latest("written_at").secrets["code"])


def confirmed(asked: SubjectRequest, url: str) -> Transmission:
    """Ada has confirmed it."""
    found = named(asked, url)
    confirm_service(transmission=found, code=fresh_code(asked), by=ada(asked), at=timezone.now())
    return Transmission.objects.get(pk=found.pk)


def approved(bundle: Bundle, url: str) -> Sending:
    """Piet, who prepared nothing, has let it go."""
    found = confirmed(bundle.subject_request, url)
    return approve_service(transmission_id=found.pk, by=Actor.staff(piet()), at=timezone.now())


def sent(sending: Sending) -> Sending:
    """One attempt at it, as it stands afterwards."""
    send_copy(sending_id=sending.pk, at=timezone.now())
    return fresh(sending)


def fresh(sending: Sending) -> Sending:
    """The rows as they stand."""
    return Sending.objects.select_related("transmission__subject_request", "bundle").get(pk=sending.pk)


def due_now(sending: Sending) -> None:
    """Let a sending that waits be taken at once."""
    Sending.objects.filter(pk=sending.pk).update(
        next_attempt_at=Now() - timedelta(seconds=1), leased_until=None
    )


def again(sending: Sending) -> Sending:
    """Go on with a sending, as the worker does when its time has come."""
    due_now(sending)
    return sent(sending)


def told() -> Message:
    """What the person was told at the end."""
    return Message.objects.get(notice="transmission_ended")


def ended(sending: Sending) -> tuple[str, str]:
    """The state at the end, and why."""
    return sending.transmission.state, sending.transmission.why


def base64_of(raw: bytes) -> str:
    """Bytes as JSON and headers carry them."""
    return base64.b64encode(raw).decode()
