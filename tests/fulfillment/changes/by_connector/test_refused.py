"""A web API refuses a change: a person has it at once with the reason, and what may pass is tried again by itself."""

import pytest
from django.template.loader import render_to_string

from fulfillment.changes.by_connector.decide import try_again
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, Hand
from fulfillment.runs.models import SourceTask
from fulfillment.runs.settle import exclude_source
from fulfillment.sources.models import SourceBudget
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState as S
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.several import OF_REGISTER, row_of
from tests.fulfillment.changes.by_connector.shop import LATER, due_now, work
from tests.fulfillment.changes.by_connector.strict import Strict, refused_deletion
from tests.fulfillment.changes.shop import fresh, search
from tests.invariants import check_invariants

pytestmark = pytest.mark.django_db(transaction=True)
OAUTH = {"kind": "oauth2", "grant": "client_credentials", "token_url": "/token"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "refuses the credentials of its settings (it answered 401)"),
        (403, "does not let its credentials do this (it answered 403)"),
        (404, "has no such record of notes to change"),
        (405, "does not understand what it is asked (it answered 405)"),
        (422, "does not understand what it is asked (it answered 422)"),
    ],
)
def test_what_is_refused_for_good_is_asked_once_and_a_person_has_it_with_its_reason(
    strict: Strict, status: int, reason: str
) -> None:
    asked = refused_deletion(strict, status)
    row = row_of("register")
    assert len(strict.refused) == 1
    assert (row.work_state, row.change.state, row.change.hand) == (
        WorkState.DEAD,
        ChangeState.OPEN,
        Hand.PERSON,
    )
    assert (row.attempts, row.noted, row.receipt) == (1, None, None)
    assert [reason in each for each in row.reasons] == [True]
    assert fresh(asked).state == S.EXECUTING
    check_invariants()


@pytest.mark.parametrize("status", [408, 409, 425, 429, 503])
def test_what_may_pass_is_tried_again_by_itself(strict: Strict, status: int) -> None:
    asked = refused_deletion(strict, status)
    row = row_of("register")
    assert (row.work_state, row.change.hand, row.attempts) == (WorkState.WAITING, Hand.CONNECTOR, 1)
    strict.refusal = 0
    # The pause that was asked for is over.
    SourceBudget.objects.all().delete()
    due_now(asked)
    assert work(asked).state == S.VERIFYING
    assert strict.changes == OF_REGISTER


def test_a_token_that_is_refused_is_renewed_once_and_then_a_person_has_it(strict: Strict) -> None:
    refused_deletion(strict, 401, auth=OAUTH)
    had = strict.tokens
    assert len(strict.refused) == 2
    assert had == 2
    assert row_of("register").change.hand == Hand.PERSON


def test_a_refusal_between_two_records_keeps_what_is_done_and_the_rest_can_be_tried_again(
    strict: Strict,
) -> None:
    asked = refused_deletion(strict, 403, most=1)
    row = row_of("register")
    assert (strict.changes, len(strict.refused), row.change.hand) == (OF_REGISTER[:1], 1, Hand.PERSON)
    assert row.made is not None
    assert row.made.rows == 1

    strict.refusal = 0
    try_again(change_id=row.change_id, by=Actor.staff(rosa()), at=LATER)
    assert work(asked).state == S.VERIFYING
    assert strict.changes == OF_REGISTER
    check_invariants()


def test_a_certificate_says_what_was_deleted_where_nobody_could_look_once_more(strict: Strict) -> None:
    asked, by = refused_deletion(strict, 403, most=1), Actor.staff(rosa())
    ending = Ending(ChangeState.COULD_NOT, "They let nobody in any more.")
    end_change(task_id=row_of("register").change_id, ending=ending, by=by, at=LATER)
    for row in Sweep.objects.filter(subject_request=asked, work_state=WorkState.WAITING):
        work_on_sweep(sweep_id=row.pk, at=LATER)
    task = SourceTask.objects.get(run__purpose="verification")
    exclude_source(task_id=task.pk, reason="It lets nobody in.", by=by, at=LATER)
    search(fresh(asked), at=LATER)
    done = complete_deletion(subject_request_id=asked.pk, reason="They shut us out.", by=by, at=LATER)
    assert done.outcome == "partly"
    certificate = certificate_of(done)
    assert certificate is not None
    assert (certificate.count, certificate.unseen) == (0, 1)
    assert {line.label: line.made for line in certificate.left} == {"Members": 0, "Notes": 1}
    given = {"certificate": certificate, "reference": done.reference}
    text = " ".join(render_to_string("changes/portal_certificate.html", given).split())
    assert "0 records were deleted" not in text
    assert "1 record was deleted where we could not search once more." in text
    assert "1 record was deleted there before it broke off." in text
