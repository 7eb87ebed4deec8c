"""A web API refuses a change: a person has it at once with the reason, and what may pass is tried again by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.template.loader import render_to_string

from fulfillment.changes.by_connector.decide import try_again
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, Hand
from fulfillment.connectors import http, memory
from fulfillment.connectors.contract.register import register_map
from fulfillment.runs.models import SourceTask
from fulfillment.runs.settle import exclude_source
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import SourceBudget
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.contracts.test_changing import REGISTER_API, RegisterService
from tests.factories import NOON, SYSTEM, rosa
from tests.fulfillment.changes.by_connector.several import OF_REGISTER, row_of
from tests.fulfillment.changes.by_connector.shop import LATER, due_now, erasing, work
from tests.fulfillment.changes.shop import fresh, search
from tests.fulfillment.connectors.rude_desk import Clock
from tests.invariants import check_invariants
from tests.json_server import Answer, Asked, JsonServer

pytestmark = pytest.mark.django_db(transaction=True)
OAUTH = {"kind": "oauth2", "grant": "client_credentials", "token_url": "/token"}


class Strict(JsonServer):
    """A register that answers `refusal` to every change once it has made `most`; hands out tokens, too."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.service = RegisterService()
        self.refusal, self.most = 0, 0
        self.changes: list[str] = []
        self.refused: list[str] = []
        self.tokens = 0

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            self.tokens += 1
            return Answer({"access_token": f"t{self.tokens}", "expires_in": 3600})
        if asked.method == "GET":
            return self.service(asked)
        call = f"{asked.method} {asked.path}"
        if self.refusal and len(self.changes) >= self.most:
            self.refused.append(call)
            wait = {"Retry-After": "3600"} if self.refusal in {429, 503} else {}
            return Answer(status=self.refusal, headers=wait)
        self.changes.append(call)
        return self.service(asked)


@pytest.fixture
def strict(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strict]:
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(memory, "time", clock)
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with Strict() as server:
        yield server


def _asked(strict: Strict, refusal: int, *, most: int = 0, auth: Any = None) -> SubjectRequest:
    """A deletion that was approved while all was well; then the register refuses."""
    api = {**REGISTER_API, "auth": auth} if auth else REGISTER_API
    secrets = {"client_id": "us", "client_secret": "hush"} if auth else {}
    connect_source(
        key="register",
        kind="rest_api",
        label="Register",
        settings={"base_url": strict.url, **secrets},
        map_yaml=yaml.safe_dump(register_map(api=api), sort_keys=False),
        by=SYSTEM,
        at=NOON,
    )
    asked = erasing()
    strict.refusal, strict.most = refusal, most
    return work(asked)


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
    asked = _asked(strict, status)
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
    asked = _asked(strict, status)
    row = row_of("register")
    assert (row.work_state, row.change.hand, row.attempts) == (WorkState.WAITING, Hand.CONNECTOR, 1)
    strict.refusal = 0
    # The pause that was asked for is over.
    SourceBudget.objects.all().delete()
    due_now(asked)
    assert work(asked).state == S.VERIFYING
    assert strict.changes == OF_REGISTER


def test_a_token_that_is_refused_is_renewed_once_and_then_a_person_has_it(strict: Strict) -> None:
    _asked(strict, 401, auth=OAUTH)
    had = strict.tokens
    assert len(strict.refused) == 2
    assert had == 2
    assert row_of("register").change.hand == Hand.PERSON


def test_a_refusal_between_two_records_keeps_what_is_done_and_the_rest_can_be_tried_again(
    strict: Strict,
) -> None:
    asked = _asked(strict, 403, most=1)
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
    asked, by = _asked(strict, 403, most=1), Actor.staff(rosa())
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
