"""The last change moves a request on, once, whoever comes at the same time and whatever is killed in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from fulfillment import tasks
from fulfillment.changes import end as end_module
from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.end import Ending, end_change, take_change
from fulfillment.changes.errors import ChangeAlreadyEnded
from fulfillment.changes.finish import finish_changes, requests_to_finish
from fulfillment.changes.models import ChangeState, ChangeTask
from requests_app.audit.actors import Actor
from requests_app.errors import BadInput, DomainError, NotPermitted
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.factories import NOON, a_request_in, rosa, staff
from tests.fulfillment.changes.shop import connect, end, fresh, waiting

pytestmark = pytest.mark.django_db
DONE = Ending(state=ChangeState.DONE, records_changed=2)


def test_the_request_goes_on_only_when_none_is_open() -> None:
    connect("shop"), connect("archive", label="Archive")
    asked = a_request_in(S.EXECUTING)
    first, second = ChangeTask.objects.filter(subject_request=asked)
    end(first)
    assert fresh(asked).state == S.EXECUTING
    end(second)
    assert (fresh(asked).state, fresh(asked).outcome) == (S.IN_FORCE, "granted")


def test_a_correction_with_a_rejected_field_is_granted_in_part() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    accepted = {"field": "Name", "right": "Ada", "decision": "accept"}
    rejected = {"field": "Age", "right": "29", "decision": "reject", "ground": "accurate"}
    asked.particulars = {"fields": [accepted, rejected]}
    asked.save(update_fields=["particulars"])
    perform(subject_request_id=asked.pk, move=Move.GRANT, by=Actor.staff(rosa()), at=NOON)
    task = ChangeTask.objects.get(subject_request=asked, kind="correct")
    assert [each.field for each in task.instructions.fields] == ["Name"]
    end(task)
    assert (fresh(asked).state, fresh(asked).outcome) == (S.COMPLETED, "partly")


def test_killed_between_the_task_and_the_move_the_sweep_settles_it(monkeypatch: pytest.MonkeyPatch) -> None:
    connect()
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)

    def die(**_given: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(end_module, "finish_changes", die)
        with pytest.raises(SystemExit):
            end(task)
    assert ChangeTask.objects.get(pk=task.pk).state == ChangeState.DONE
    assert fresh(asked).state == S.EXECUTING
    assert requests_to_finish() == [asked.pk]
    tasks.carry_on()
    assert fresh(asked).state == S.IN_FORCE
    assert requests_to_finish() == []
    assert not finish_changes(subject_request_id=asked.pk, at=NOON)


def test_the_second_to_end_it_reads_who_was_first() -> None:
    connect()
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    end(task, by=rosa())
    with pytest.raises(ChangeAlreadyEnded, match="Rosa Reviewer has ended this change"):
        end(task, ChangeState.COULD_NOT)
    assert ChangeTask.objects.get(pk=task.pk).state == ChangeState.DONE


def test_what_is_no_longer_wanted_cannot_be_ended() -> None:
    asked = a_request_in(S.WEIGHING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=NOON)
    with pytest.raises(ChangeAlreadyEnded, match="no longer wanted"):
        end(task)


def test_an_ending_says_how_many_or_why_not() -> None:
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    by = Actor.staff(rosa())
    for unfit in (
        Ending(state=ChangeState.DONE),
        Ending(state=ChangeState.COULD_NOT, note="  "),
        Ending(state=ChangeState.CANCELLED, note="no"),
    ):
        with pytest.raises(BadInput):
            end_change(task_id=task.pk, ending=unfit, by=by, at=NOON)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.ADMIN, Role.INTAKE_CLERK])
def test_only_those_who_carry_out_may(role: Role) -> None:
    connect()
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    by = Actor.staff(staff("Mallory", role))
    with pytest.raises(NotPermitted):
        end_change(task_id=task.pk, ending=DONE, by=by, at=NOON)
    with pytest.raises(NotPermitted):
        take_change(task_id=task.pk, by=by, at=NOON)


def test_what_has_no_source_is_not_for_source_owners() -> None:
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    with pytest.raises(NotPermitted):
        end_change(task_id=task.pk, ending=DONE, by=Actor.staff(staff("Sol", Role.SOURCE_OWNER)), at=NOON)


def _together(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each on a connection of its own; what was refused is returned."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_wins_and_the_other_gets_a_sentence() -> None:
    connect()
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    both = [Actor.staff(rosa()), Actor.staff(rosa())]
    said = _together(*(lambda by=by: end_change(task_id=task.pk, ending=DONE, by=by, at=NOON) for by in both))
    assert sorted(type(each).__name__ for each in said) == ["ChangeAlreadyEnded", "ChangeTask"]
    assert fresh(asked).state == S.IN_FORCE


@pytest.mark.django_db(transaction=True)
def test_the_last_two_of_a_request_at_once_move_it_once() -> None:
    connect("shop"), connect("archive", label="Archive")
    asked = a_request_in(S.EXECUTING)
    by = Actor.staff(rosa())
    keys = [task.pk for task in ChangeTask.objects.filter(subject_request=asked)]
    said = _together(*(lambda key=key: end_change(task_id=key, ending=DONE, by=by, at=NOON) for key in keys))
    assert all(isinstance(each, ChangeTask) for each in said)
    assert fresh(asked).state == S.IN_FORCE
    assert requests_to_finish() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_begin_a_deletion_once_and_a_stop_at_that_moment_is_one_or_the_other() -> None:
    connect()
    asked = waiting()
    at = asked.waits_until
    stop = lambda: perform(  # noqa: E731
        subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=at
    )
    begin = lambda: begin_deletion(subject_request_id=asked.pk, at=at)  # noqa: E731
    said = _together(begin, begin, stop)
    begun = said[:2].count(True)
    assert fresh(asked).state == (S.EXECUTING if begun else S.WITHDRAWN)
    assert begun <= 1
    assert ChangeTask.objects.filter(subject_request=asked).count() == begun
