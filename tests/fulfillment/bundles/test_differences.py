"""The approver sees what is left out, by reason, and what is other than in the copy before."""

from datetime import timedelta

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.findings.decisions.decide import decide
from fulfillment.findings.decisions.models import Action, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.selectors import findings_of
from requests_app.audit.actors import Actor
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.desk import signed_in
from tests.factories import piet
from tests.fulfillment.bundles.conftest import LATER
from tests.reviewing import finish_review


@pytest.fixture
def second_copy(built_bundle: Bundle, reviewer: Actor) -> Bundle:
    """Sent back, one order withheld, built again."""
    asked = SubjectRequest.objects.get(pk=built_bundle.subject_request_id)
    again = LATER + timedelta(hours=1)
    by = Actor.staff(piet())
    perform(subject_request_id=asked.pk, move=Move.SEND_BACK, by=by, at=again, reason="One order too many.")
    orders = next(
        each.finding for each in findings_of(asked)[0].findings if each.finding.collection == "orders"
    )
    reason = jurisdiction(asked.regime).refusals_for("access")[0].code
    wanted = [Wanted(Scope.ITEM, Action.WITHHOLD, reason_code=reason, line=2)]
    decide(finding_id=orders.pk, wanted=wanted, by=reviewer, at=again)
    finish_review(asked, by=reviewer, at=again)
    bundle = Bundle.objects.filter(subject_request=asked).latest("number")
    assert build_bundle(bundle_id=bundle.pk, at=again)
    bundle.refresh_from_db()
    return bundle


def test_the_first_copy_is_compared_with_none(built_bundle: Bundle) -> None:
    page = signed_in(piet()).get(f"/staff/requests/{built_bundle.subject_request.reference}/release/")
    assert page.context["difference"] is None


def test_the_second_says_what_is_other(second_copy: Bundle) -> None:
    reader = signed_in(piet())
    page = reader.get(f"/staff/requests/{second_copy.subject_request.reference}/release/")
    difference = page.context["difference"]
    assert [(each.sign, each.collection) for each in difference.lines] == [("~", "Shop: Orders")]
    (line,) = difference.lines
    assert (line.records_before, line.records_now, line.left_before, line.left_now) == (5, 4, 0, 1)
    assert (difference.decided, difference.taken_back) == (1, 0)
    text = page.content.decode()
    assert "Since copy 1" in text
    assert "1 record withheld" in text
    assert [(each.going, each.staying) for each in page.context["sources"]] == [(5, 1)]
