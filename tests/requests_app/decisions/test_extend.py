"""A longer term: taken once, in time, with a reason that the person is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.errors import (
    ExtensionTooLate,
    ExtensionUsed,
    NewDateMissing,
    NoExtension,
    NothingToExtend,
    RoleMayNotDecide,
)
from requests_app.decisions.extend import extend_deadline, extension_offer
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile, ReasonMissing
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks, piet, rosa

WHY = "Your account reaches back fourteen years."
LATER = NOON + timedelta(days=10)


def extend(asked: SubjectRequest, *, at: datetime = LATER, **given: object) -> SubjectRequest:
    """Rosa takes the longer term."""
    values = {"reason": WHY, "by": Actor.staff(rosa())} | given
    return extend_deadline(subject_request_id=asked.pk, at=at, **values)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_date_moves_as_one_period_from_the_receipt_and_the_person_is_told_why() -> None:
    asked = ada_asks(place="PT")
    moved = extend(asked)
    # 3 November and three months: Wednesday 3 February 2027.
    assert moved.response_due_on == date(2027, 2, 3)
    letter = moved.messages.get(notice="date_moved")
    assert WHY in letter.text
    assert "3 February 2027" in letter.text
    assert "3 December 2026" in letter.text
    assert moved.moved_dates.get().reason == WHY
    facts = AuditEntry.objects.get(event="request.extended").facts
    assert WHY not in facts


@pytest.mark.django_db
def test_it_is_used_once() -> None:
    asked = ada_asks(place="PT")
    extend(asked)
    with pytest.raises(ExtensionUsed, match="used before"):
        extend(asked, at=LATER + timedelta(days=1))
    assert asked.clock_events.count() == 1


@pytest.mark.django_db
def test_on_the_last_day_it_counts_and_a_day_later_it_changes_nothing_and_says_so() -> None:
    last = datetime.fromisoformat("2026-12-03T23:30:00+01:00")
    assert extend(ada_asks(place="PT"), at=last).response_due_on == date(2027, 2, 3)
    asked = ada_asks(place="PT")
    with pytest.raises(ExtensionTooLate, match="3 December 2026"):
        extend(asked, at=last + timedelta(hours=1))
    assert not asked.clock_events.exists()
    assert not asked.messages.filter(notice="date_moved").exists()


@pytest.mark.django_db
def test_a_law_that_gives_none_is_named() -> None:
    with pytest.raises(NoExtension, match="gives no extension"):
        extend(ada_asks(place="BR"), at=NOON + timedelta(days=1))
    # Stopping what rests on consent is done at once: there is nothing to extend.
    with pytest.raises(NoExtension):
        extend(a_request_in(S.IN_REVIEW, right="withdraw_consent", place="PT"), at=NOON + timedelta(hours=3))


@pytest.mark.django_db
def test_without_a_place_no_law_gives_more_and_staff_are_sent_to_choose_one() -> None:
    with pytest.raises(NoExtension, match="Record first which law answers"):
        extend(ada_asks(place=None), at=NOON + timedelta(days=1))


@pytest.mark.django_db
def test_where_two_laws_apply_both_must_give_it() -> None:
    # Canada's federal law gives thirty days more, Quebec's none.
    with pytest.raises(NoExtension, match="gives no extension"):
        extend(ada_asks(place="CA-QC"), at=NOON + timedelta(days=1))
    assert extend(ada_asks(place="CA-ON"), at=NOON + timedelta(days=1)).response_due_on == date(2027, 1, 2)


@pytest.mark.django_db
def test_where_the_notice_names_the_day_it_must_be_later() -> None:
    asked = ada_asks(place="CH")
    with pytest.raises(NewDateMissing, match="Name the new last day"):
        extend(asked)
    with pytest.raises(NewDateMissing):
        extend(asked, until=date(2026, 12, 3))
    assert extension_offer(asked, at=LATER).until is None
    assert extend(asked, until=date(2026, 12, 18)).response_due_on == date(2026, 12, 18)


@pytest.mark.django_db
def test_where_the_law_says_how_much_nobody_names_another_day() -> None:
    with pytest.raises(NewDateMissing, match="The law itself"):
        extend(ada_asks(place="PT"), until=date(2026, 12, 18))


@pytest.mark.django_db
def test_an_answered_request_is_not_extended() -> None:
    with pytest.raises(NothingToExtend):
        extend(a_request_in(S.REFUSED))


@pytest.mark.django_db
def test_it_takes_a_case_worker_a_reason_and_a_fresh_look() -> None:
    asked = ada_asks(place="PT")
    with pytest.raises(RoleMayNotDecide):
        extend(asked, by=Actor.staff(piet()))
    with pytest.raises(ReasonMissing):
        extend(asked, reason="  ")
    with pytest.raises(CaseChangedMeanwhile):
        extend(asked, expected_version=asked.version - 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_extends_and_the_other_is_told() -> None:
    asked = ada_asks(place="PT")
    by = Actor.staff(rosa())

    def attempt(_number: int) -> str:
        try:
            extend(asked, by=by)
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()
        return "extended"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["extended", "extension_used"]
    assert asked.clock_events.count() == 1
    assert asked.messages.filter(notice="date_moved").count() == 1
