"""Which law answers, when staff say so."""

from datetime import date, timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.errors import NothingToExtend, RoleMayNotDecide, SameRegime
from requests_app.decisions.regime import choose_regime, laws_granting
from requests_app.jurisdictions.load import RightNotGranted, UnknownRegime
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks, piet, rosa

pytestmark = pytest.mark.django_db
WHY = "She lives in Lisbon, and wrote from a holiday."


def choose(asked: SubjectRequest, regime: str, **given: object) -> SubjectRequest:
    """Rosa says which law answers."""
    values = {"reason": WHY, "by": Actor.staff(rosa()), "at": NOON + timedelta(days=1)} | given
    return choose_regime(subject_request_id=asked.pk, regime=regime, **values)  # type: ignore[arg-type]


def test_the_date_is_counted_again_and_the_person_is_told() -> None:
    asked = ada_asks(place="US-GA")
    chosen = choose(asked, "us-va")
    assert (chosen.regime, chosen.regime_is_chosen) == ("us-va", True)
    assert (asked.response_due_on, chosen.response_due_on) == (date(2026, 12, 3), date(2026, 12, 18))
    assert WHY in chosen.messages.get(notice="date_moved").text
    facts = AuditEntry.objects.get(event="request.regime_chosen").facts
    assert '"from":"default"' in facts
    assert WHY not in facts


def test_a_law_that_gives_the_same_day_moves_nothing_and_nobody_is_written_to() -> None:
    chosen = choose(ada_asks(place="PT"), "uk-gdpr")
    assert chosen.response_due_on == date(2026, 12, 3)
    assert not chosen.messages.filter(notice="date_moved").exists()


def test_a_person_without_a_place_has_the_earliest_day_until_staff_know_the_law() -> None:
    asked = ada_asks(place=None)
    # South Korea gives ten days; no law gives fewer for a copy.
    assert (asked.regime, asked.response_due_on) == ("default", date(2026, 11, 13))
    assert response_deadline(asked).is_nowhere
    assert choose(asked, "default").response_due_on == date(2026, 12, 3)
    with pytest.raises(SameRegime):
        choose(asked, "default")


def test_only_a_law_that_grants_the_right_can_be_chosen() -> None:
    asked = ada_asks(right="restriction", place="PT")
    assert "us-ca" not in {law.key for law in laws_granting(asked)}
    assert "eu-gdpr" in {law.key for law in laws_granting(asked)}
    with pytest.raises(RightNotGranted):
        choose(asked, "us-ca")
    with pytest.raises(UnknownRegime):
        choose(asked, "atlantis")


def test_it_takes_a_case_worker_and_an_open_request() -> None:
    with pytest.raises(RoleMayNotDecide):
        choose(ada_asks(place="PT"), "uk-gdpr", by=Actor.staff(piet()))
    with pytest.raises(NothingToExtend):
        choose(a_request_in(S.REFUSED), "uk-gdpr")
