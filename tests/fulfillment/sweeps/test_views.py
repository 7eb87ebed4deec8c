"""The traces of a case: shown to who may see findings, decided by who works the case, closed to everybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection as own

from fulfillment.identities.add import enter_identity
from fulfillment.identities.decide import accept_identity
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import TraceDecision
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.databases import source_database
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, rosa
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
    asked = a_request_in(RequestState.IN_REVIEW, email="ann@example.org", name="Ann Lee")
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
    assert page.count("Give it to Ann Lee") == 1, "found by name and by address, shown once"


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


def test_a_sweep_looks_for_what_was_accepted_and_for_nothing_else(
    ann: SubjectRequest, source: DataSource
) -> None:
    phone, by = (
        {"kind": "phone_number", "value": "030 901820", "evidence": "they said so"},
        Actor.staff(rosa()),
    )
    enter_identity(subject_request_id=ann.pk, by=by, at=NOON, **phone)
    card = enter_identity(
        subject_request_id=ann.pk, kind="customer_number", value="C-4711", evidence="", by=by, at=NOON
    )
    accept_identity(identity_id=card.pk, evidence="on their invoice", by=by, at=NOON)
    client = signed_in(rosa())
    client.post(f"{_case(ann)}begin/", {"source": "crm", "phone_number": "030 901820"})
    row = Sweep.objects.get(work_state="waiting")
    assert {each.kind for each in row.person.identifiers} == {"email", "name", "customer_number"}
    assert "of 0 tables" in client.get(_case(ann)).content.decode()


def test_the_map_s_additions_name_no_person(ann: SubjectRequest) -> None:
    patch = signed_in(rosa()).get(f"{_case(ann)}map/crm/").content.decode()
    assert "+      - name: mails" in patch
    assert "ann@" not in patch


def test_a_trace_in_a_file_is_shown_by_the_name_of_the_file_and_what_was_not_read_is_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "fair.csv").write_text("badge,mail\n1,ann@example.org\n")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    yaml = """dataset: [{fides_key: files,
      collections: [{name: views, fields: [{name: mail, fides_meta: {identity: email}}]}],
      meta: {omne: {files: {collections: {views: {glob: "views.jsonl", format: jsonl}}}}}}]"""
    (tmp_path / "views.jsonl").write_text('{"mail": "x@example.org"}\n')
    files = connect_source(
        key="files", kind="object_store", label="Files", settings={"root": f"file://{tmp_path}"}, map_yaml=yaml,
        by=SYSTEM, at=NOON,
    )  # fmt: skip
    asked = a_request_in(RequestState.IN_REVIEW, email="ann@example.org", name="Ann Lee")
    row = start_sweep(subject_request=asked, source=files, by=SYSTEM, at=NOON)
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    page = signed_in(rosa()).get(_case(asked)).content.decode()
    assert "fair.csv</label><small>line 2, mail</small>" in page
    assert "The map does not know this file" in page
    assert "broken.parquet is damaged, or not a Parquet file." in page
    with own.cursor() as cursor:
        cursor.execute(
            "select t::text from fulfillment_sweep t union all select t::text from fulfillment_trace t"
        )
        assert not any("fair.csv" in line or "broken" in line for (line,) in cursor.fetchall()), (
            "names are sealed"
        )
