"""What a search comes upon: the key of the person's own record is taken, anything else waits, a stranger's never."""

from typing import Any

import pytest

from fulfillment.findings.gather import search_source
from fulfillment.findings.selectors import findings_of
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.rules import index_of
from fulfillment.identities.states import Doubt, Found, IdentityState
from fulfillment.runs.finish import finish_run
from fulfillment.runs.selectors import latest_run
from fulfillment.runs.start import waiting_task_ids
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in
from tests.fulfillment.identities.systems import ADA, BOB, connect_billing, connect_code, connect_crm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Any) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def searched(asked: SubjectRequest) -> SubjectRequest:
    """Work on whatever waits, as workers do, until nothing does."""
    run = latest_run(asked)
    assert run is not None
    for _round in range(5):
        for task_id in waiting_task_ids(run.pk):
            search_source(task_id=task_id, at=NOON)
    finish_run(run_id=run.pk, at=NOON)
    asked.refresh_from_db()
    return asked


def known(asked: SubjectRequest) -> dict[str, KnownIdentity]:
    return {f"{each.kind} {each.value}": each for each in asked.known_identities.all()}


def rows_of(asked: SubjectRequest) -> dict[str, int]:
    return {
        f"{part.task.source.key}.{each.collection.name}": each.finding.row_count
        for part in findings_of(asked)
        for each in part.findings
    }


def test_the_key_of_the_persons_record_reaches_the_source_that_refers_to_it() -> None:
    # The billing comes first in the order of work, so it is asked anew once the number is known.
    connect_billing()
    connect_crm()
    asked = searched(a_request_in(S.FULFILLING))
    number = known(asked)["customer_number 7"]
    assert (number.found, number.state, number.doubt) == (Found.REFERENCE, IdentityState.ACCEPTED, Doubt.NONE)
    assert number.where == "crm.customers.id"
    assert rows_of(asked) == {"billing.accounts": 1, "billing.invoices": 2, "crm.customers": 1}
    assert asked.state == S.CHECKING


def test_what_a_record_says_of_a_login_or_a_phone_waits_for_a_person() -> None:
    connect_crm()
    connect_code()
    asked = searched(a_request_in(S.FULFILLING))
    for each in ("github_login octo-ada", "phone_number +49 30 901820"):
        assert (known(asked)[each].state, known(asked)[each].doubt) == (
            IdentityState.PROPOSED,
            Doubt.SELF_SAID,
        )
    assert rows_of(asked).get("code.users", 0) == 0
    assert not any("bob" in each or "555" in each for each in known(asked))


@pytest.mark.parametrize(
    ("others", "doubt"),
    [
        ([{**BOB, "email": "Ada@example.org"}], Doubt.SEVERAL),
        ([{**ADA, "id": 9, "name": "A. Astrom"}], Doubt.SEVERAL),
    ],
    ids=["a household", "two accounts"],
)
def test_two_records_of_one_address_are_told_apart_by_a_person(
    others: list[dict[str, Any]], doubt: Doubt
) -> None:
    connect_crm(ADA, *others)
    connect_billing()
    asked = searched(a_request_in(S.FULFILLING))
    numbers = [each for each in known(asked).values() if each.kind == "customer_number"]
    assert len(numbers) == 2
    assert {(each.state, each.doubt) for each in numbers} == {(IdentityState.PROPOSED, doubt)}


def test_an_account_in_another_name_under_the_same_address_is_looked_at_by_a_person() -> None:
    connect_crm({**BOB, "email": "ada@example.org"})
    connect_billing()
    asked = searched(a_request_in(S.FULFILLING))
    number = known(asked)["customer_number 8"]
    assert (number.state, number.doubt) == (IdentityState.PROPOSED, Doubt.OTHER_NAME)
    assert rows_of(asked).get("billing.invoices", 0) == 0


def test_an_address_within_another_one_meets_nothing() -> None:
    connect_crm({**BOB, "email": "jada@example.org"}, {**BOB, "email": "ada@example.org.evil.example"})
    connect_billing()
    assert [each.kind for each in known(searched(a_request_in(S.FULFILLING))).values()] == ["email"]


def test_a_number_under_which_somebody_else_was_answered_is_looked_at_by_a_person() -> None:
    connect_crm()
    connect_billing()
    searched(a_request_in(S.FULFILLING, email="bob@example.com", name="Bob Åström"))
    KnownIdentity.objects.filter(kind="customer_number").update(value_index=_index_of_ada())
    asked = searched(a_request_in(S.FULFILLING))
    number = known(asked)["customer_number 7"]
    assert (number.state, number.doubt) == (IdentityState.PROPOSED, Doubt.OTHER_REQUEST)


def _index_of_ada() -> str:
    return index_of("customer_number", "7")


def test_the_same_search_again_notes_nothing_twice() -> None:
    connect_crm()
    asked = searched(a_request_in(S.FULFILLING))
    before = set(known(asked))
    run = latest_run(asked)
    assert run is not None
    run.tasks.update(work_state="waiting", leased_until=None)
    run.state = "running"
    run.save()
    searched(asked)
    assert set(known(asked)) == before
