"""The mailed link stops the deletion it was made for, and no other."""

import pytest

from requests_app.decisions.cancel import cancel_by_token, cancel_token, look_at_cancel_link
from requests_app.identity.errors import LinkNotValid
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import a_request_in
from tests.walking import the_machine_alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> SubjectRequest:
    with the_machine_alone():
        return a_request_in(S.WAITING_PERIOD)


def test_the_link_stops_the_deletion_whatever_the_case_of_its_letters(waiting: SubjectRequest) -> None:
    token = cancel_token(waiting).upper()
    assert look_at_cancel_link(token=token) == waiting
    assert cancel_by_token(token=token, at=waiting.state_since).state == S.WITHDRAWN


def test_a_link_whose_signature_was_changed_stops_nothing(waiting: SubjectRequest) -> None:
    token = cancel_token(waiting)
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    for wrong in (forged, waiting.pk.hex + "0" * 32, token[:-1]):
        with pytest.raises(LinkNotValid):
            cancel_by_token(token=wrong, at=waiting.state_since)
    assert SubjectRequest.objects.get(pk=waiting.pk).state == S.WAITING_PERIOD
