"""What the law leaves nothing to decide about acts by itself, and only that."""

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import SYSTEM, ada_asks, rosa
from tests.requests_app.decisions.asking import LATER, confirm, unconfirmed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("right", "particulars"),
    [
        ("objection", {"purposes": ["marketing"]}),
        ("withdraw_consent", {"consents": ["marketing"]}),
        ("withdraw_consent", {}),
    ],
)
def test_marketing_and_consent_end_with_the_confirmed_code(
    right: str, particulars: dict[str, object]
) -> None:
    waiting = unconfirmed(right, particulars)
    assert waiting.state == S.AWAITING_IDENTITY
    acted = confirm(waiting)
    assert acted.state == S.EXECUTING
    entry = AuditEntry.objects.get(event="request.acted_at_once")
    assert (entry.actor_kind, entry.target_id) == ("system", str(acted.pk))


@pytest.mark.parametrize(
    ("right", "particulars"),
    [
        ("objection", {"purposes": ["research"]}),
        ("objection", {"purposes": ["marketing", "research"]}),
        ("objection", {}),
        ("correction", {}),
        ("restriction", {"ground": "claims"}),
        ("automated_decision", {}),
        ("access", {}),
    ],
)
def test_everything_else_waits_for_a_person(right: str, particulars: dict[str, object]) -> None:
    asked = confirm(unconfirmed(right, particulars))
    assert asked.state == S.IN_REVIEW
    with pytest.raises(MoveNotAllowed):
        perform(subject_request_id=asked.pk, move=Move.ACT_AT_ONCE, by=SYSTEM, at=LATER)


@pytest.mark.parametrize("right", ["opt_out_sale_share", "limit_sensitive"])
def test_an_opt_out_needs_no_proof_and_acts_on_receipt(right: str) -> None:
    assert ada_asks(right=right, place="US-CA").state == S.EXECUTING


def test_an_objection_to_marketing_is_never_weighed_nor_outweighed() -> None:
    asked = unconfirmed("objection", {"purposes": ["marketing"]})
    assert "compelling_grounds" not in {each.code for each in grounds_for(asked)}
    assert "compelling_grounds" in {
        each.code for each in grounds_for(unconfirmed("objection", {"purposes": ["research"]}))
    }


def _refuse(asked: SubjectRequest, code: str) -> SubjectRequest:
    return perform(
        subject_request_id=asked.pk,
        move=Move.REFUSE,
        by=Actor.staff(rosa()),
        at=LATER,
        reason="Forty requests with made-up addresses came in one minute.",
        given={"code": code},
    )


@pytest.mark.parametrize(
    ("right", "place", "code"),
    [
        ("opt_out_sale_share", "US-CA", "fraudulent_opt_out"),
        ("limit_sensitive", "US-CA", "fraudulent_opt_out"),
        ("opt_out_sale_share", "US-CT", "suspected_fraud_opt_out"),
        # This act knows no ground of its own for fraud, and lets what cannot be authenticated be declined.
        ("opt_out_sale_share", "US-CO", "unauthenticated"),
    ],
)
def test_an_opt_out_under_way_is_called_off_for_fraud_alone(right: str, place: str, code: str) -> None:
    asked = ada_asks(right=right, place=place)
    assert [each.code for each in grounds_for(asked)] == [code]
    with pytest.raises(MoveNotAllowed, match="Choose a ground"):
        _refuse(asked, "excessive")
    assert _refuse(asked, code).state == S.REFUSED


def test_where_the_law_knows_no_such_ground_an_opt_out_under_way_is_not_refused() -> None:
    asked = ada_asks(right="opt_out_sale_share", place="PT")
    assert asked.state == S.EXECUTING
    with pytest.raises(MoveNotAllowed, match="gives no ground"):
        _refuse(asked, "excessive")
