"""What a reasoned doubt demands beyond the table is demanded."""

from datetime import timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.identity.ask import ask_more_proof
from requests_app.identity.prove import accept_proof
from requests_app.lifecycle.models import IdentityLevel
from requests_app.lifecycle.states import RequestState as S
from tests.factories import a_request_in, rosa
from tests.proofs import by_ada

pytestmark = pytest.mark.django_db


def test_after_a_doubt_the_proof_that_was_there_is_not_enough_and_the_one_asked_for_is() -> None:
    asked = a_request_in(S.IN_REVIEW)
    at, by = asked.state_since + timedelta(hours=1), Actor.staff(rosa())
    doubt = {"level": IdentityLevel.REASONABLE, "reason": "The mail came from another country each time."}
    ask_more_proof(subject_request_id=asked.pk, by=by, at=at, **doubt)
    for level, state in (
        (IdentityLevel.CHANNEL, S.AWAITING_IDENTITY),
        (IdentityLevel.REASONABLE, S.IN_REVIEW),
    ):
        assert accept_proof(subject_request_id=asked.pk, level=level, by=by_ada(asked), at=at).state == state
