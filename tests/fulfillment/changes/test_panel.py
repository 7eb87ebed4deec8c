"""What the person's own page says of changes that a source could not make."""

import pytest
from django.test import RequestFactory

from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.panel import left_undone
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.portal.story import turn_of
from tests.factories import NOON, a_request_in, rosa

pytestmark = pytest.mark.django_db
VISIT = RequestFactory().get("/requests/yours/")


def _restricted(ending: Ending) -> SubjectRequest:
    asked = a_request_in(S.EXECUTING)
    for task in ChangeTask.objects.filter(subject_request=asked):
        end_change(task_id=task.pk, ending=ending, by=Actor.staff(rosa()), at=NOON)
    return SubjectRequest.objects.get(pk=asked.pk)


def test_a_restriction_in_part_says_what_was_not_restricted_and_why() -> None:
    asked = _restricted(Ending(state=ChangeState.COULD_NOT, note="The old archive cannot flag a record."))
    assert (asked.state, asked.outcome) == (S.IN_FORCE, Outcome.PARTLY)
    shown = left_undone(VISIT, asked)
    assert shown is not None
    assert [task.note for task in shown["undone"]] == ["The old archive cannot flag a record."]
    assert turn_of(asked).lead == "Your restriction is in force in part."


def test_a_restriction_in_full_leaves_nothing_to_say() -> None:
    asked = _restricted(Ending(state=ChangeState.DONE, records_changed=1))
    assert asked.state == S.IN_FORCE
    assert left_undone(VISIT, asked) is None
    assert turn_of(asked).lead == "Your restriction is in force."
