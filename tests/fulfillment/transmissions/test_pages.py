"""The person's pages of a copy for another service, in a real browser: usable, accessible, no wider than a phone."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.decide import refuse_service
from fulfillment.transmissions.models import Transmission
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.sessions import open_portal
from tests.browser import Visitor, faults, in_every_look
from tests.factories import piet
from tests.fulfillment.transmissions.cast import KNOWN_AS, NAME, approved, confirmed, named, sent
from tests.fulfillment.transmissions.receiver import OFFER, UPLOAD, Receiver

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SERVICES = "/requests/yours/services/"
Ended = Callable[[Bundle, Receiver], Transmission]


def _let_in(page: Page, asked: SubjectRequest, base_url: str) -> None:
    """Open the page as a mailed code would."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    open_portal(request, reference=asked.reference, at=timezone.now())
    request.session.save()
    key = str(request.session.session_key)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": base_url}])


@in_every_look
def test_ada_names_a_service_confirms_it_and_reads_of_its_receipt(
    visitor: Visitor, live_server, bundle: Bundle, receiver: Receiver, width: int, theme: str
) -> None:
    page = visitor(width=width, theme=theme)
    _let_in(page, bundle.subject_request, live_server.url)
    page.goto("/requests/yours/")
    assert faults(page) == []
    page.get_by_role("link", name="Name a service").click()
    assert faults(page) == []

    page.locator("[name=address]").fill("http://plain.example/")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_be_visible()
    assert faults(page) == []

    page.goto(SERVICES)
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=address]").fill(receiver.url)
    page.locator("[name=known_as]").fill(KNOWN_AS)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this where your copy should go?")
    assert faults(page) == []

    code = Message.objects.filter(notice="transmission_code").latest("written_at").secrets["code"]
    page.locator("[name=code]").fill(str(code))
    page.get_by_role("button", name="Yes, send it there").click()
    expect(page.get_by_text("Somebody of our team looks at the address")).to_be_visible()
    assert faults(page) == []


def _received(bundle: Bundle, receiver: Receiver) -> Transmission:
    return sent(approved(bundle, receiver.url)).transmission


def _refused_by_them(bundle: Bundle, receiver: Receiver) -> Transmission:
    receiver.manners.answers = {OFFER: [(413, {})]}
    return sent(approved(bundle, receiver.url)).transmission


def _broken_off(bundle: Bundle, receiver: Receiver) -> Transmission:
    receiver.manners.answers = {UPLOAD: [(403, {})]}
    return sent(approved(bundle, receiver.url)).transmission


def _never_confirmed_there(bundle: Bundle, receiver: Receiver) -> Transmission:
    receiver.manners.terms = {"status": ""}
    receiver.manners.receipt = lambda receipt: {}
    return sent(approved(bundle, receiver.url)).transmission


def _refused_by_us(bundle: Bundle, receiver: Receiver) -> Transmission:
    found = confirmed(bundle.subject_request, receiver.url)
    by = Actor.staff(piet())
    refuse_service(transmission_id=found.pk, reason="That host is not theirs.", by=by, at=timezone.now())
    return found


def _on_its_way(bundle: Bundle, receiver: Receiver) -> Transmission:
    receiver.manners.answers = {OFFER: [(503, {})]}
    return sent(approved(bundle, receiver.url)).transmission


@in_every_look
@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (_received, "has confirmed that it received exactly what we sent"),
        (_refused_by_them, "larger than the other service takes"),
        (_broken_off, "we cannot say that no part of it arrived"),
        (_never_confirmed_there, "no receipt came"),
        (_refused_by_us, "That host is not theirs."),
        (_on_its_way, "Your copy is on its way"),
    ],
)
def test_how_it_ended_is_said_on_its_page_and_on_that_of_the_request(
    visitor: Visitor,
    live_server,
    bundle: Bundle,
    receiver: Receiver,
    width: int,
    theme: str,
    ended: Ended,
    says: str,
) -> None:
    found = ended(bundle, receiver)
    page = visitor(width=width, theme=theme)
    _let_in(page, bundle.subject_request, live_server.url)
    page.goto(reverse("transmissions:service", args=[found.pk]))
    expect(page.locator("main")).to_contain_text(says)
    assert faults(page) == []
    page.goto("/requests/yours/")
    expect(page.locator("main")).to_contain_text(NAME)
    assert faults(page) == []


@in_every_look
def test_without_script_a_service_is_taken_back_again(
    visitor: Visitor, live_server, bundle: Bundle, receiver: Receiver, width: int, theme: str
) -> None:
    found = named(bundle.subject_request, receiver.url)
    page = visitor(width=width, theme=theme, script=False)
    _let_in(page, bundle.subject_request, live_server.url)
    page.goto(reverse("transmissions:service", args=[found.pk]))
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main")).to_contain_text("You took it back.")
