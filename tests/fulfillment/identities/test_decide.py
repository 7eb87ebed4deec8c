"""A person's word on an identity: who may give it, when, and what it does."""

from uuid import uuid4

import pytest

from fulfillment.identities.add import enter_identity
from fulfillment.identities.decide import accept_identity, refuse_identity
from fulfillment.identities.errors import IdentityFixed, IdentityKnown, UnknownIdentity
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.selectors import identities_to_decide, query_for
from fulfillment.identities.states import IdentityState
from fulfillment.sweeps.person import known_of
from requests_app.audit.actors import Actor
from requests_app.audit.events import preparing
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput, NotPermitted
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks, piet, rosa
from tests.fulfillment.identities.systems import connect_crm

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> SubjectRequest:
    return a_request_in(S.IN_REVIEW)


def entered(asked: SubjectRequest, kind: str = "customer_number", value: str = "C-4711") -> KnownIdentity:
    by = Actor.staff(rosa())
    return enter_identity(
        subject_request_id=asked.pk, kind=kind, value=value, evidence="a letter", by=by, at=NOON
    )


def test_what_staff_enter_is_used_only_once_it_is_accepted(ada: SubjectRequest) -> None:
    row = entered(ada)
    assert query_for(ada).values("customer_number") == ()
    assert identities_to_decide(ada) == 1
    accept_identity(identity_id=row.pk, evidence="on invoice 12", by=Actor.staff(rosa()), at=NOON)
    assert query_for(ada).values("customer_number") == ("C-4711",)
    assert identities_to_decide(ada) == 0
    facts = [entry.facts for entry in AuditEntry.objects.filter(event__startswith="identity.")]
    assert not any("C-4711" in each or "invoice" in each for each in facts)


def test_two_accounts_of_one_person_are_two_values_of_one_kind(ada: SubjectRequest) -> None:
    second = entered(ada, "email", "ada@work.example")
    accept_identity(identity_id=second.pk, evidence="she wrote from both", by=Actor.staff(rosa()), at=NOON)
    assert {*query_for(ada).values("email")} == {"ada@example.org", "ada@work.example"}


def test_what_others_share_is_swept_for_and_asks_no_source(ada: SubjectRequest) -> None:
    row = entered(ada, "phone_number", "+49 30 901820")
    accept_identity(
        identity_id=row.pk, evidence="the family's", is_shared=True, by=Actor.staff(rosa()), at=NOON
    )
    assert query_for(ada).values("phone_number") == ()
    (phone,) = (each for each in known_of(ada).identifiers if each.kind == "phone_number")
    assert phone.shared
    assert not phone.proves


def test_what_was_refused_is_asked_by_no_more_and_not_proposed_again(ada: SubjectRequest) -> None:
    row = entered(ada)
    accept_identity(identity_id=row.pk, evidence="seen", by=Actor.staff(rosa()), at=NOON)
    refuse_identity(identity_id=row.pk, evidence="a namesake's", by=Actor.staff(rosa()), at=NOON)
    assert query_for(ada).values("customer_number") == ()
    with pytest.raises(IdentityKnown):
        entered(ada)


def test_even_the_proved_address_can_be_put_aside(ada: SubjectRequest) -> None:
    address = ada.known_identities.get()
    refuse_identity(
        identity_id=address.pk, evidence="the whole office reads it", by=Actor.staff(rosa()), at=NOON
    )
    assert query_for(ada).kinds == frozenset()


def test_a_word_without_evidence_does_not_count(ada: SubjectRequest) -> None:
    row = entered(ada)
    for decide in (accept_identity, refuse_identity):
        with pytest.raises(BadInput):
            decide(identity_id=row.pk, evidence="  ", by=Actor.staff(rosa()), at=NOON)


def test_only_who_works_the_case_decides(ada: SubjectRequest) -> None:
    row = entered(ada)
    with pytest.raises(NotPermitted):
        accept_identity(identity_id=row.pk, evidence="seen", by=Actor.staff(piet()), at=NOON)
    with pytest.raises(UnknownIdentity):
        accept_identity(identity_id=uuid4(), evidence="seen", by=Actor.staff(rosa()), at=NOON)


def test_before_the_proof_there_is_nobody_to_be_known_by_anything() -> None:
    with pytest.raises(IdentityFixed):
        entered(ada_asks())


@pytest.mark.parametrize("state", [S.PREPARING, S.AWAITING_RELEASE, S.READY, S.COMPLETED])
def test_whom_a_request_means_is_settled_before_anything_rests_on_it(state: S) -> None:
    connect_crm()
    asked = a_request_in(state)
    address = asked.known_identities.get()
    with pytest.raises(IdentityFixed):
        entered(asked)
    with pytest.raises(IdentityFixed):
        refuse_identity(identity_id=address.pk, evidence="late", by=Actor.staff(rosa()), at=NOON)
    address.refresh_from_db()
    assert address.state == IdentityState.ACCEPTED


def test_whoever_accepted_an_identity_has_prepared_the_answer(ada: SubjectRequest) -> None:
    assert {"identity.taken", "identity.refused"} <= preparing()
