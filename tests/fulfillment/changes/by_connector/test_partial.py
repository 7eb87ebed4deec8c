"""A deletion of which two of five sources fail: shown as partly made, never called complete, only the rest repeated."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.decide import take_over, try_again
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.compare import Result, compare
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.errors import ResultNotClean
from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from fulfillment.changes.panel import deletion_certificate
from fulfillment.connectors import http, memory
from fulfillment.runs.models import SourceTask
from fulfillment.runs.settle import exclude_source
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import Notice
from requests_app.leases.models import WorkState
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.several import (
    OF_REGISTER,
    REFUSING,
    SILENT,
    WORKING,
    Several,
    erased_lines,
    row_of,
    several_sources,
    wanted_lines,
)
from tests.fulfillment.changes.by_connector.shop import LATER, checked, due_now, work
from tests.fulfillment.changes.shop import approve, fresh, propose, search
from tests.fulfillment.connectors.rude_desk import Clock
from tests.invariants import check_invariants
from tests.servers import TestServers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FAILED = {SILENT, REFUSING}
VISIT = RequestFactory().get("/requests/yours/")


@pytest.fixture
def five(running_servers: TestServers, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Several]:
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(memory, "time", clock)
    with several_sources(settings) as five:
        yield five


def _partly(five: Several) -> SubjectRequest:
    """Everything was well when it was approved; then two sources fail."""
    asked = checked()
    propose(asked)
    waits = approve(asked)
    five.break_two()
    assert begin_deletion(subject_request_id=asked.pk, at=waits.waits_until)
    work(asked)
    # What failed several times in a row is left alone for a while, and that is over.
    DataSource.objects.update(rests_until=None)
    return fresh(asked)


def _states(asked: SubjectRequest) -> dict[str, str]:
    tasks = ChangeTask.objects.filter(subject_request=asked).select_related("source")
    return {task.source.key: task.state for task in tasks if task.source}


def test_three_of_five_stay_partly_erased_until_the_failures_alone_are_repeated(five: Several) -> None:
    asked = _partly(five)
    assert asked.state == S.EXECUTING
    assert _states(asked) == {**dict.fromkeys(WORKING, "done"), **dict.fromkeys(FAILED, "open")}
    assert five.erased() == set(WORKING)
    silent, refusing = row_of(SILENT), row_of(REFUSING)
    assert (silent.work_state, silent.change.hand, silent.receipt) == ("waiting", Hand.CONNECTOR, None)
    assert (refusing.work_state, refusing.change.hand, refusing.receipt) == ("dead", Hand.PERSON, None)
    first = {key: (row_of(key).receipt, row_of(key).confirmed_at) for key in WORKING}
    check_invariants()

    five.mend_two()
    try_again(change_id=refusing.change_id, by=Actor.staff(rosa()), at=LATER)
    due_now(asked)
    asked = work(asked)
    assert asked.state == S.VERIFYING
    assert set(_states(asked).values()) == {"done"}
    assert five.erased() == {*WORKING, *FAILED}
    for key in five.sources:
        assert erased_lines(key) == wanted_lines(key)
    # Nobody asked again those that had confirmed, and no call that worked was made twice.
    assert {key: (row_of(key).receipt, row_of(key).confirmed_at) for key in WORKING} == first
    assert [each.changes for each in five.registers.values()] == [OF_REGISTER] * 3
    check_invariants()


def test_the_pages_say_which_are_done_which_not_and_why(five: Several) -> None:
    asked = _partly(five)
    page = signed_in(rosa()).get(f"/staff/requests/{asked.reference}/changes/").content.decode()
    assert "2 changes are still to be made" in page
    assert "Register took longer than 0.3 seconds to answer. Tried again by itself" in page
    assert page.count("Tried again by itself") == 1
    assert "does not let its credentials do this (it answered 403)" in page
    assert page.count("<dt>Records changed</dt>") == len(WORKING)
    result = signed_in(rosa()).get(f"/staff/requests/{asked.reference}/result/").content.decode()
    assert "There is no result yet" in result
    assert certificate_of(asked) is None
    assert deletion_certificate(VISIT, asked) is None


def test_no_letter_and_no_certificate_claims_that_all_is_gone(five: Several) -> None:
    asked, by = _partly(five), Actor.staff(rosa())
    with pytest.raises(MoveNotAllowed):
        perform(
            subject_request_id=asked.pk, move=Move.COMPLETE, by=by, at=LATER, given={"outcome": "granted"}
        )
    _give_the_failures_up(asked)
    asked = _searched_again(asked)
    comparison = compare(asked)
    assert comparison is not None
    results = {line.source.key: line.result for line in comparison.lines if line.name != "invoices"}
    assert results == {
        **dict.fromkeys(WORKING, Result.GONE),
        REFUSING: Result.LEFT,
        SILENT: Result.NOT_SEARCHED,
    }
    with pytest.raises(ResultNotClean):
        complete_deletion(subject_request_id=asked.pk, reason="", by=by, at=LATER)
    assert not Message.objects.filter(notice=Notice.DELETION_DONE).exists()

    why = "Two systems are out of order until May."
    done = complete_deletion(subject_request_id=asked.pk, reason=why, by=by, at=LATER)
    assert done.outcome == "partly"
    letter = Message.objects.get(notice=Notice.DELETION_DONE)
    assert "in part" in letter.text
    assert "We have deleted what you asked" not in letter.text
    certificate = certificate_of(done)
    assert certificate is not None
    assert {line.source for line in certificate.left} == {"Register 1", "Register 2"}
    assert {line.source for line in certificate.gone} == {"Shop 0", "Shop 1", "Register 0"}
    assert certificate.reason == why
    check_invariants()


def _give_the_failures_up(asked: SubjectRequest) -> None:
    by = Actor.staff(rosa())
    take_over(change_id=row_of(SILENT).change_id, by=by, at=LATER)
    for task in ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN):
        ending = Ending(ChangeState.COULD_NOT, "Out of order.")
        end_change(task_id=task.pk, ending=ending, by=by, at=LATER)


def _searched_again(asked: SubjectRequest) -> SubjectRequest:
    """The one that never answers is left out, with the reason."""
    for row in Sweep.objects.filter(subject_request=asked, work_state=WorkState.WAITING):
        work_on_sweep(sweep_id=row.pk, at=LATER)
    task = SourceTask.objects.get(run__purpose="verification", source__key=SILENT)
    exclude_source(task_id=task.pk, reason="It does not answer.", by=Actor.staff(rosa()), at=LATER)
    search(fresh(asked), at=LATER)
    return fresh(asked)
