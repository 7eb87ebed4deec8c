"""What comes with a request: the proved address is taken, everything else waits for a person."""

import pytest
from django.db import IntegrityError, transaction

from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.own import KNOWN_BY
from fulfillment.identities.selectors import identities_of, query_for
from fulfillment.identities.states import Doubt, Found, IdentityState
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.intake.submit import AskedBy, SubjectDetails, submit_request
from requests_app.lifecycle.models import Asker, Channel, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks
from tests.fulfillment.identities.systems import connect_billing, connect_code, connect_crm
from tests.walking import prove, walk_to

pytestmark = pytest.mark.django_db
VICTIM_PHONE = "+49 30 5550199"


def the_one(asked: SubjectRequest) -> KnownIdentity:
    (known,) = identities_of(asked)
    return known


def by_mallory(**told: str) -> SubjectRequest:
    """Somebody files in their own name, with what belongs to Bob."""
    return submit_request(
        channel=Channel.WEB,
        right="access",
        subject=SubjectDetails("Mallory", "mallory@example.net"),
        place="PT",
        language="en",
        received_at=NOON,
        by=Actor.subject("web"),
        answers={KNOWN_BY: told},
    )


def test_nothing_is_known_before_the_address_is_proved() -> None:
    asked = ada_asks()
    assert identities_of(asked) == []
    assert query_for(asked).kinds == frozenset()


def test_the_proved_address_is_accepted_by_itself_and_recorded_without_its_value() -> None:
    asked = a_request_in(S.IN_REVIEW)
    known = the_one(asked)
    assert (known.kind, known.value, known.found) == ("email", "ada@example.org", Found.PROVED)
    assert (known.state, known.decided_by) == (IdentityState.ACCEPTED, None)
    assert query_for(asked).values("email") == ("ada@example.org",)
    entry = AuditEntry.objects.get(event="identity.noted")
    assert "ada@" not in entry.facts


def test_a_request_of_several_rights_says_it_for_each_and_only_once() -> None:
    asked = walk_to(S.CHECKING, _searched(a_request_in(S.IN_REVIEW)))
    assert the_one(asked).is_accepted


def _searched(asked: SubjectRequest) -> SubjectRequest:
    connect_crm()
    return asked


def test_a_mailbox_that_several_people_read_waits_for_a_person() -> None:
    asked = a_request_in(S.IN_REVIEW, email="office@example.org")
    known = the_one(asked)
    assert (known.state, known.doubt) == (IdentityState.PROPOSED, Doubt.SHARED_MAILBOX)
    assert query_for(asked).kinds == frozenset()


def test_what_a_guardian_says_of_a_child_s_address_is_proved_by_nobody() -> None:
    guardian = AskedBy(Asker.GUARDIAN, name="Gwen Guardian", email="gwen@example.net")
    asked = a_request_in(S.IN_REVIEW, asker=guardian, right="access", particulars={})
    known = the_one(asked)
    assert (known.found, known.state) == (Found.GIVEN, IdentityState.PROPOSED)
    assert query_for(asked).kinds == frozenset()


def test_an_opt_out_needs_no_proof_and_is_carried_out_for_the_address_given() -> None:
    connect_crm()
    asked = ada_asks(right="opt_out_sale_share", place="US-CA")
    assert the_one(asked).found is not None
    assert query_for(asked).values("email") == ("ada@example.org",)
    assert the_one(asked).found == Found.NO_PROOF


def test_whoever_files_with_somebody_s_phone_number_reaches_nothing_by_it() -> None:
    connect_crm()
    connect_billing()
    connect_code()
    asked = prove(
        by_mallory(phone_number=VICTIM_PHONE, customer_number="8", github_login="octo-bob"), at=NOON
    )
    told = {each.kind: each for each in identities_of(asked)}
    assert set(told) == {"email", "phone_number", "customer_number", "github_login"}
    others = [each for kind, each in told.items() if kind != "email"]
    assert {each.state for each in others} == {IdentityState.PROPOSED}
    assert {each.doubt for each in others} == {Doubt.UNPROVEN}
    assert query_for(asked).identities == (query_for(asked).identities[0],)
    assert query_for(asked).values("email") == ("mallory@example.net",)


def test_a_name_or_nonsense_given_with_the_request_becomes_no_identity() -> None:
    asked = prove(by_mallory(name="Bob", phone_number="110", customer_number="a\nb"), at=NOON)
    assert [each.kind for each in identities_of(asked)] == ["email"]


@pytest.mark.parametrize("found", [Found.GIVEN, Found.RECORD, Found.STAFF])
def test_the_database_itself_refuses_what_nobody_accepted(found: Found) -> None:
    known = the_one(a_request_in(S.IN_REVIEW))
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownIdentity.objects.filter(pk=known.pk).update(found=found)


def test_the_database_refuses_what_is_doubted_and_accepted_by_nobody() -> None:
    known = the_one(a_request_in(S.IN_REVIEW))
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownIdentity.objects.filter(pk=known.pk).update(doubt=Doubt.SEVERAL)
