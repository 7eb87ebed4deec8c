"""Whoever lets a copy go sees how many identifiers of other people were covered in it, and how many were left."""

from typing import Any

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.findings.decisions.models import LeftBecause
from fulfillment.findings.models import Finding
from fulfillment.findings.suggestions.answer import cover, leave, leave_everything
from fulfillment.findings.suggestions.models import Suggestion
from fulfillment.findings.withhold import withhold_finding
from requests_app.audit.actors import Actor
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.desk import signed_in
from tests.factories import piet
from tests.fulfillment.findings.release.people import LATER, in_review
from tests.reviewing import finish_review, look_for_others

pytestmark = pytest.mark.django_db
EMPTY = {"talk": [], "score": None, "price": None}
TICKETS: list[dict[str, Any]] = [
    {"number": "T1", "person_id": 1, "text": "Ada Åström here, ada@example.org", **EMPTY},
    {"number": "T2", "person_id": 1, "text": "ask rui@canary.example or bo@canary.example", **EMPTY},
    {"number": "T3", "person_id": 1, "text": "I spoke with Rui Canary today", **EMPTY},
]


@pytest.fixture
def asked() -> SubjectRequest:
    """A review in which two addresses and a name of others are suggested."""
    found = in_review(TICKETS)
    look_for_others(found, at=LATER)
    return found


def _tickets() -> Finding:
    return Finding.objects.get(collection="tickets")


def _reason(asked: SubjectRequest) -> str:
    return jurisdiction(asked.regime).refusals_for("access")[0].code


def _shown(asked: SubjectRequest) -> tuple[Any, str]:
    page = signed_in(piet()).get(f"/staff/requests/{asked.reference}/release/")
    return page.context["others"], page.content.decode()


def test_covered_and_left_are_counted_with_why_and_lead_to_the_decisions(
    asked: SubjectRequest, reviewer: Actor, without_letter: None
) -> None:
    tickets, because = _tickets(), LeftBecause.WEIGHED
    first, second = Suggestion.objects.filter(finding=tickets, kind="email")
    by = {"by": reviewer, "at": LATER}
    cover(finding_id=tickets.pk, suggestion_ids=[first.pk], reason_code=_reason(asked), **by)
    leave(finding_id=tickets.pk, suggestion_ids=[second.pk], **by)
    assert leave_everything(subject_request_id=asked.pk, because=because, **by) == 1
    perform(subject_request_id=asked.pk, move=Move.FINISH_REVIEW, **by)
    assert build_bundle(bundle_id=Bundle.objects.get().pk, at=LATER)

    others, text = _shown(asked)
    assert (others.covered, others.left) == (1, 2)
    assert "Desk: Tickets: 1 covered, 2 left as they are" in text
    for why in (because.label, "Decided one by one"):
        assert f"1 × {why}" in text
    at = f"/staff/requests/{asked.reference}/items/{tickets.pk}/"
    assert f'href="{at}#acts"' in text
    acts = signed_in(piet()).get(at).content.decode()
    assert 'id="acts"' in acts
    assert "Left as suggested: Name" in acts
    assert "canary" not in text


def test_what_stays_out_as_a_whole_is_not_counted(asked: SubjectRequest, reviewer: Actor) -> None:
    withhold_finding(finding_id=_tickets().pk, reason_code=_reason(asked), note="", by=reviewer, at=LATER)
    finish_review(asked, by=reviewer, at=LATER)
    others, text = _shown(asked)
    assert others.collections == ()
    assert "Nothing in these records was suggested as somebody else’s." in text
