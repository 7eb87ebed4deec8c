"""A further round: only what another identity reaches, each row once, and nothing is answered by half meanwhile."""

from typing import Any

import pytest

from fulfillment.findings.models import Decision, Finding
from fulfillment.identities.add import enter_identity
from fulfillment.identities.models import KnownIdentity
from fulfillment.runs.rounds import accept_and_search, changed_since, refuse_and_search
from fulfillment.runs.selectors import latest_run
from fulfillment.runs.settle import exclude_source
from fulfillment.runs.states import SourceState
from fulfillment.sources.models import DataSource
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, rosa
from tests.fulfillment.findings.test_meeting import rows_of, searched
from tests.fulfillment.identities.systems import ADA, connect_code, connect_crm
from tests.reviewing import finish_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Any) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def crm() -> DataSource:
    second = {**ADA, "id": 11, "email": "ada@work.example", "login": None}
    return connect_crm(
        ADA, second, {**ADA, "id": 12, "email": "cousin@example.org", "phone": None, "login": None}
    )


def checked(asked: SubjectRequest) -> SubjectRequest:
    """Searched to the end, with the sources out of reach left as they are."""
    run = latest_run(asked)
    assert run is not None
    searched(asked)
    for task in run.tasks.filter(work_state="dead"):
        exclude_source(task_id=task.pk, reason="no login is known", by=Actor.staff(rosa()), at=NOON)
    return searched(asked)


def accepted(asked: SubjectRequest, kind: str, value: str) -> KnownIdentity:
    by = Actor.staff(rosa())
    row = asked.known_identities.filter(kind=kind).exclude(state="accepted").first()
    if row is None or row.value != value:
        row = enter_identity(subject_request_id=asked.pk, kind=kind, value=value, evidence="", by=by, at=NOON)
    return accept_and_search(identity_id=row.pk, evidence="on a letter", by=by, at=NOON)


def search_again(asked: SubjectRequest) -> SubjectRequest:
    by = Actor.staff(rosa())
    perform(subject_request_id=asked.pk, move=Move.SEARCH_AGAIN, by=by, at=NOON, reason="more is known")
    asked.refresh_from_db()
    return asked


def test_an_accepted_login_brings_the_source_that_wants_one_within_reach(crm: DataSource) -> None:
    connect_code()
    asked = a_request_in(S.FULFILLING)
    searched(asked)
    run = latest_run(asked)
    assert run is not None
    task = run.tasks.get(source__key="code")
    assert task.source_state is SourceState.FAILED
    assert "github login only" in task.last_error
    accepted(asked, "github_login", "octo-ada")
    searched(asked)
    assert rows_of(asked)["code.users"] == 1
    assert asked.state == S.CHECKING


def test_a_further_round_asks_only_what_changed_and_keeps_the_rest_with_its_decisions(
    crm: DataSource,
) -> None:
    code = connect_code()
    asked = a_request_in(S.FULFILLING)
    accepted(asked, "github_login", "octo-ada")
    asked = checked(asked)
    finding = Finding.objects.get(task__source=code)
    finding.decision, finding.reason_code, finding.reason_note = (
        Decision.WITHHOLD,
        "rights_of_others",
        "not hers",
    )
    finding.save()
    accepted(asked, "email", "ada@work.example")
    asked = checked(search_again(asked))
    assert rows_of(asked) == {"crm.customers": 2, "code.users": 1}
    run = latest_run(asked)
    assert run is not None
    copied = Finding.objects.get(task__run=run, task__source=code)
    assert copied.pk != finding.pk
    assert (copied.decision, copied.reason_note) == (Decision.WITHHOLD, "not hers")
    started = AuditEntry.objects.filter(event="run.started").order_by("pk").last()
    assert started is not None
    assert "crm" in started.facts
    assert "code" not in started.facts


def test_without_a_change_a_search_again_asks_every_source(crm: DataSource) -> None:
    code = connect_code()
    asked = a_request_in(S.FULFILLING)
    accepted(asked, "github_login", "octo-ada")
    asked = search_again(checked(asked))
    run = latest_run(asked)
    assert run is not None
    assert run.tasks.filter(work_state="waiting").count() == 2
    assert not run.tasks.get(source=code).store_name


def test_a_row_that_two_identities_reach_comes_once(crm: DataSource) -> None:
    asked = checked(a_request_in(S.FULFILLING))
    assert rows_of(asked) == {"crm.customers": 1}
    accepted(asked, "phone_number", "+49 30 901820")
    asked = checked(search_again(asked))
    # By phone: her two accounts that bear it, and the one the address leads to already.
    assert rows_of(asked) == {"crm.customers": 2}


def test_nothing_is_handed_on_while_more_is_known_than_was_searched(crm: DataSource) -> None:
    asked = checked(a_request_in(S.FULFILLING))
    accepted(asked, "email", "ada@work.example")
    with pytest.raises(MoveNotAllowed, match="has changed since the search"):
        perform(subject_request_id=asked.pk, move=Move.FINISH_REVIEW, by=Actor.staff(rosa()), at=NOON)
    asked.refresh_from_db()
    assert asked.state == S.CHECKING
    asked = checked(search_again(asked))
    assert rows_of(asked) == {"crm.customers": 2}
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    asked.refresh_from_db()
    assert asked.state == S.PREPARING


def test_what_no_source_knows_makes_no_search_old(crm: DataSource) -> None:
    asked = checked(a_request_in(S.FULFILLING))
    run = latest_run(asked)
    assert run is not None
    assert accepted(asked, "loyalty_card", "4711").value == "4711"
    assert changed_since(run) == frozenset()
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    asked.refresh_from_db()
    assert asked.state == S.PREPARING


def test_what_was_found_by_an_identity_that_was_refused_goes_again(crm: DataSource) -> None:
    asked = a_request_in(S.FULFILLING)
    mistaken = accepted(asked, "email", "cousin@example.org")
    searched_once = latest_run(asked)
    assert searched_once is not None
    refuse_and_search(identity_id=mistaken.pk, evidence="a cousin's", by=Actor.staff(rosa()), at=NOON)
    asked = checked(asked)
    assert rows_of(asked) == {"crm.customers": 1}


def test_a_deletion_is_not_proposed_for_half_of_what_is_known(crm: DataSource) -> None:
    asked = checked(a_request_in(S.FULFILLING, right="deletion"))
    accepted(asked, "email", "ada@work.example")
    with pytest.raises(MoveNotAllowed, match="has changed since the search"):
        perform(subject_request_id=asked.pk, move=Move.PROPOSE_DELETION, by=Actor.staff(rosa()), at=NOON)
