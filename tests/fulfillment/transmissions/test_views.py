"""The pages of a sending: the person's and the staff's, and what they refuse."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.states import TransmissionState as S
from requests_app.accounts.permissions import PORTAL_SESSION_KEY
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.portal.sessions import UNTIL_KEY
from tests.desk import signed_in
from tests.factories import a_request_in, piet, rosa
from tests.fulfillment.transmissions.cast import KNOWN_AS, NAME, approved, confirmed, sent
from tests.fulfillment.transmissions.receiver import OFFER, Receiver

pytestmark = pytest.mark.django_db
SERVICES = "/requests/yours/services/"


def _opened(asked: SubjectRequest) -> Client:
    """The person's browser, with their request opened."""
    client = Client()
    session = client.session
    session[PORTAL_SESSION_KEY] = asked.reference
    session[UNTIL_KEY] = (timezone.now() + timedelta(minutes=20)).timestamp()
    session.save()
    return client


def _code() -> str:
    return str(Message.objects.filter(notice="transmission_code").latest("written_at").secrets["code"])


def _text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_person_names_reads_and_confirms(bundle: Bundle, receiver: Receiver) -> None:
    ada = _opened(bundle.subject_request)
    assert "Name a service" in _text(ada, reverse("portal:status"))
    filled = {"name": NAME, "address": receiver.url, "known_as": KNOWN_AS}
    answer = ada.post(SERVICES, filled)
    found = Transmission.objects.get()
    page = reverse("transmissions:service", args=[found.pk])
    assert answer["Location"] == page
    shown = _text(ada, page)
    for word in (
        NAME,
        receiver.url,
        KNOWN_AS,
        "data/shop/people.jsonl",
        "Is this where your copy should go?",
    ):
        assert word in shown
    assert "report.pdf" not in shown
    assert ada.post(page, {"code": _code()}).status_code == 302
    assert Transmission.objects.get().state == S.ASKED
    assert "Waiting for our approval" in _text(ada, reverse("portal:status"))


def test_a_wrong_code_confirms_nothing(bundle: Bundle, receiver: Receiver) -> None:
    ada = _opened(bundle.subject_request)
    ada.post(SERVICES, {"name": NAME, "address": receiver.url})
    found = Transmission.objects.get()
    answer = ada.post(reverse("transmissions:service", args=[found.pk]), {"code": "AAAA2222"})
    assert answer.status_code >= 400
    assert Transmission.objects.get().state == S.NAMED


def test_an_address_that_leads_to_us_is_refused_beside_its_field(bundle: Bundle) -> None:
    ada = _opened(bundle.subject_request)
    answer = ada.post(SERVICES, {"name": NAME, "address": "https://localhost:9999/"})
    assert answer.status_code == 422
    assert "leads into a private network" in answer.content.decode()
    assert not Message.objects.filter(notice="transmission_code").exists()


def test_what_is_typed_is_text_on_every_page(bundle: Bundle, receiver: Receiver) -> None:
    ada, evil = _opened(bundle.subject_request), "<script>alert(1)</script>"
    ada.post(SERVICES, {"name": evil, "address": receiver.url, "known_as": evil})
    found = Transmission.objects.get()
    desk = signed_in(piet())
    pages = [
        _text(ada, SERVICES),
        _text(ada, reverse("transmissions:service", args=[found.pk])),
        _text(desk, reverse("sending:one", args=[found.pk])),
        _text(desk, reverse("sending:of_case", args=[bundle.subject_request.reference])),
    ]
    assert all(evil not in each for each in pages)
    assert all("&lt;script&gt;" in each for each in pages)


def test_looking_at_the_pages_changes_nothing(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    ada, desk = _opened(bundle.subject_request), signed_in(piet())
    entries = AuditEntry.objects.count()
    for name in ("code", "withdraw"):
        assert ada.get(reverse(f"transmissions:{name}", args=[found.pk])).status_code == 405
    for name in ("look", "approve", "again", "seen"):
        assert desk.get(reverse(f"sending:{name}", args=[found.pk])).status_code == 405
    _text(desk, reverse("sending:one", args=[found.pk]))
    assert AuditEntry.objects.count() == entries


def test_nobody_opens_the_service_of_another_request(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    stranger = _opened(a_request_in(RequestState.IN_REVIEW, right="portability", email="m@example.org"))
    for name in ("service", "code", "withdraw"):
        url = reverse(f"transmissions:{name}", args=[found.pk])
        assert stranger.post(url, {"code": _code()}).status_code == 404
    assert Transmission.objects.get().state == S.ASKED
    assert Client().get(reverse("transmissions:service", args=[found.pk])).status_code in (302, 403)


def test_a_request_for_a_copy_has_no_such_page(db: None) -> None:
    asked = a_request_in(RequestState.IN_REVIEW, right="access")
    ada = _opened(asked)
    assert ada.get(SERVICES).status_code == 302
    assert "another service" not in _text(ada, reverse("portal:status"))


def test_switched_off_the_page_says_why(bundle: Bundle, settings: Settings) -> None:
    settings.PORTABILITY_PUSH, settings.PORTABILITY_PUSH_OFF_REASON = False, "Our line is too thin."
    ada = _opened(bundle.subject_request)
    assert "Our line is too thin." in _text(ada, reverse("portal:status"))
    assert "Our line is too thin." in _text(ada, SERVICES)
    assert ada.post(SERVICES, {"name": NAME, "address": "https://localhost/"}).status_code == 422


def test_the_approver_looks_and_lets_it_go(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    desk, one = signed_in(piet()), reverse("sending:one", args=[found.pk])
    assert NAME in _text(desk, reverse("sending:waiting"))
    shown = _text(desk, one)
    assert receiver.url in shown
    assert "2 files of the released copy" in shown
    assert KNOWN_AS not in shown
    desk.post(reverse("sending:look", args=[found.pk]))
    assert "Sol Services Ltd" in _text(desk, one)
    desk.post(reverse("sending:approve", args=[found.pk]))
    assert sent(Sending.objects.get()).transmission.state == S.RECEIVED
    assert "Received, with a receipt that fits" in _text(desk, one)
    ada = _opened(bundle.subject_request)
    proof = _text(ada, reverse("transmissions:service", args=[found.pk]))
    assert Sending.objects.get().sha256 in proof
    # Nobody has downloaded anything.
    assert "You downloaded" not in _text(ada, reverse("portal:status"))


def test_a_case_worker_sees_it_and_decides_nothing(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    desk = signed_in(rosa())
    assert "Approve: send it there" not in _text(desk, reverse("sending:one", args=[found.pk]))
    assert desk.post(reverse("sending:approve", args=[found.pk])).status_code == 403
    assert desk.post(reverse("sending:one", args=[found.pk]), {"reason": "No"}).status_code == 403
    assert Transmission.objects.get().state == S.ASKED


def test_a_refusal_needs_its_reason(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    desk, one = signed_in(piet()), reverse("sending:one", args=[found.pk])
    assert desk.post(one, {"reason": ""}).status_code == 422
    assert desk.post(one, {"reason": "The host is not theirs."}).status_code == 302
    ada = _opened(bundle.subject_request)
    page = _text(ada, reverse("transmissions:service", args=[found.pk]))
    assert "The host is not theirs." in page
    assert "Download your copy" in page


def test_what_they_refused_says_what_the_person_can_do(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {OFFER: [(410, {"reason": "Try <b>elsewhere</b>"})]}
    found = sent(approved(bundle, receiver.url))
    ada = _opened(bundle.subject_request)
    page = _text(ada, reverse("transmissions:service", args=[found.transmission_id]))
    assert "takes no copies at this address any more" in page
    assert "Download your copy" in page
    assert "elsewhere" not in page
    desk = signed_in(piet())
    shown = _text(desk, reverse("sending:one", args=[found.transmission_id]))
    assert "Try &lt;b&gt;elsewhere&lt;/b&gt;" in shown
    assert "the person named another service" in _text(
        desk, reverse("review:case", args=[bundle.subject_request.reference])
    )


def test_the_person_takes_it_back(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    ada = _opened(bundle.subject_request)
    ada.post(reverse("transmissions:withdraw", args=[found.pk]))
    assert Transmission.objects.get().state == S.WITHDRAWN
    answer = ada.post(reverse("transmissions:withdraw", args=[found.pk]))
    assert answer.status_code == 409
    assert "nothing to take back" in answer.content.decode()
