"""The letter in a copy names each service that the person confirmed, and how far that was when the letter was made."""

import pytest
from django.utils import timezone

from fulfillment.bundles.answer import answer_of
from fulfillment.bundles.formats.pdf import letter_html
from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.ask import withdraw_service
from tests.fulfillment.transmissions.cast import NAME, ada, approved, confirmed, named
from tests.fulfillment.transmissions.receiver import Receiver

pytestmark = pytest.mark.django_db
HEADING = "Where you asked us to send it"


def letter(bundle: Bundle) -> str:
    return " ".join(letter_html(answer_of(bundle, at=timezone.now())).split())


def test_a_service_that_was_confirmed_stands_in_the_letter(bundle: Bundle, receiver: Receiver) -> None:
    assert HEADING not in letter(bundle)
    confirmed(bundle.subject_request, receiver.url)
    said = letter(bundle)
    assert f'<th scope="row"><span dir="ltr">{NAME}</span></th>' in said
    assert "<td>Waiting for our approval</td>" in said
    assert said.count("Sent to another service") == 2, "as a part, and in the list of contents"


def test_how_far_it_was_is_said_as_of_then(bundle: Bundle, receiver: Receiver) -> None:
    approved(bundle, receiver.url)
    assert "<td>Approved, being sent</td>" in letter(bundle)


def test_what_was_not_confirmed_or_taken_back_is_not_in_it(bundle: Bundle, receiver: Receiver) -> None:
    asked = bundle.subject_request
    named(asked, receiver.url)
    assert HEADING not in letter(bundle)
    withdraw_service(transmission=confirmed(asked, receiver.url), by=ada(asked), at=timezone.now())
    assert HEADING not in letter(bundle)
