"""The traces of a case: shown to who may see findings, decided by who works the case, closed to everybody else."""

from collections.abc import Iterator

import pytest

from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import TraceDecision
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from tests.databases import source_database
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, ada_asks, rosa
from tests.fulfillment.sweeps.crm import connect_crm

pytestmark = pytest.mark.django_db

TABLES = """
create table customers (id integer primary key, email text, name text);
create table orders (id integer primary key, customer_id integer, note text);
insert into orders values (1, 2, 'Give it to Ann Lee (ann@example.org), not bob@example.com. Second sentence.');
create table mails (id integer primary key, sender text);
insert into mails values (1, 'ann@example.org');
"""


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture
def source(address: str) -> DataSource:
    return connect_crm(address)


@pytest.fixture
def ann(source: DataSource) -> SubjectRequest:
    asked = ada_asks(email="ann@example.org", name="Ann Lee")
    row = start_sweep(subject_request=asked, source=source, by=SYSTEM, at=NOON)
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    return asked


def _case(asked: SubjectRequest) -> str:
    return f"/staff/requests/{asked.reference}/traces/"


def test_traces_are_shown_with_their_words_and_nobody_elses_address(ann: SubjectRequest) -> None:
    page = signed_in(rosa()).get(_case(ann)).content.decode()
    assert "orders.note" in page
    assert "mails.sender" in page
    assert "A mention by somebody else" in page
    assert "Give it to Ann Lee (ann@example.org), not […]." in page
    assert "bob@example.com" not in page
    assert "Second sentence" not in page
    assert AuditEntry.objects.filter(event="sweep.opened").count() == 1


def test_ticked_traces_are_decided(ann: SubjectRequest) -> None:
    trace = Trace.objects.get(table="mails")
    client = signed_in(rosa())
    answer = client.post(f"{_case(ann)}decide/", {"trace": [str(trace.pk)], "decision": "accepted"})
    assert answer.status_code == 302
    trace.refresh_from_db()
    assert trace.decision == TraceDecision.ACCEPTED
    assert "About the person" in client.get(_case(ann)).content.decode()


def test_nothing_ticked_decides_nothing(ann: SubjectRequest) -> None:
    client = signed_in(rosa())
    page = client.post(f"{_case(ann)}decide/", {"decision": "accepted"}, follow=True).content.decode()
    assert "Tick at least one trace" in page
    assert not Trace.objects.exclude(decision=TraceDecision.OPEN).exists()


def test_a_sweep_is_begun_with_what_else_is_known(ann: SubjectRequest, source: DataSource) -> None:
    client = signed_in(rosa())
    client.post(f"{_case(ann)}begin/", {"source": "crm", "phone_number": "030 901820"})
    row = Sweep.objects.get(work_state="waiting")
    assert {each.kind for each in row.person.identifiers} == {"email", "name", "phone_number"}
    assert "of 0 tables" in client.get(_case(ann)).content.decode()


def test_the_map_s_additions_name_no_person(ann: SubjectRequest) -> None:
    patch = signed_in(rosa()).get(f"{_case(ann)}map/crm/").content.decode()
    assert "+      - name: mails" in patch
    assert "ann@" not in patch
