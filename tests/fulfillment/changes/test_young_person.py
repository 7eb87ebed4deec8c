"""What a search shows of a young person's own channels is used before anything goes out; none is made for that."""

import pytest

from fulfillment.identities.decide import accept_identity
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, rosa
from tests.fulfillment.changes.shop import connect, search
from tests.guardians import PAT, pat_asks
from tests.walking import prove

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


def told(asked: SubjectRequest) -> list[str]:
    return sorted(each.to_address for each in asked.messages.filter(notice="guardian_asked"))


def searched(age: str) -> SubjectRequest:
    asked = prove(pat_asks(age, email=ADA), at=NOON)
    assert not asked.runs.exists()
    # Nobody has proved what Pat says of Ada's address: a person accepts it, by what the documents show.
    address = asked.known_identities.get()
    accept_identity(identity_id=address.pk, evidence="on the certificate", by=Actor.staff(rosa()), at=NOON)
    perform(subject_request_id=asked.pk, move=Move.APPROVE, by=Actor.staff(rosa()), at=NOON)
    search(asked)
    assert asked.state == S.CHECKING
    return asked


def test_every_channel_on_file_but_the_guardians_own_hears_of_it_once() -> None:
    connect()
    assert told(searched("16_17")) == ["ada.home@example.net", ADA]


def test_the_guardians_own_address_on_the_childs_record_is_not_the_childs() -> None:
    connect(people=[{"id": 1, "name": "Ada", "seen_at": None, "email": ADA, "second_email": PAT}])
    assert told(searched("16_17")) == [ADA]


def test_of_a_small_child_no_channel_is_used() -> None:
    connect()
    assert told(searched("under_13")) == []
