"""`manage.py sweep` says what a source holds of a person beyond its map, and proposes what to add."""

import io
import json
import shlex
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from fulfillment.connectors import sql_sweeper
from fulfillment.connectors.errors import Retryable
from fulfillment.connectors.sweeping import SweptPage, SweptTable
from fulfillment.datamaps.read import load_map
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep, Trace
from requests_app.lifecycle.states import RequestState
from tests.databases import source_database
from tests.factories import a_request_in
from tests.fulfillment.sweeps.crm import MAP, connect_crm

pytestmark = pytest.mark.django_db

TABLES = """
create table customers (id integer primary key, email text, name text, second_mail text);
insert into customers values (1, 'ann@example.org', 'Ann Lee', 'Ann@example.org'), (2, 'joann@example.org', 'J', null);
create table orders (id integer primary key, customer_id integer, note text);
insert into orders values (1, 2, 'for ann@example.org');
create table newsletter (id integer primary key, mail text);
insert into newsletter values (1, 'ann@example.org');
"""


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture(autouse=True)
def source(db: None, address: str) -> None:
    connect_crm(address)


def _said(*words: str, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("sweep", *words, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_anybody_can_be_looked_for_and_nothing_is_kept() -> None:
    out, err = _said("crm", identity=["ann@example.org"])
    rows = [line.split() for line in out.splitlines()[1:-1]]
    assert rows == [
        ["customers", "email,", "second_mail", "own", "no_column", "1"],
        ["newsletter", "mail", "own", "no_table", "1"],
        ["orders", "note", "mention", "not_reached", "1"],
    ]
    assert out.splitlines()[-1] == "CRM: 3 records hold this person, 3 of them beyond the map."
    assert "3 of 3 tables, orders: 1 found" in err
    assert not Sweep.objects.exists()


def test_a_sweep_that_keeps_nothing_shows_what_it_found_where_it_breaks_off_and_goes_on_from_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", 1)
    pages = sql_sweeper.SqlSweeper.pages

    def broken(self: object, table: SweptTable, **place: object) -> Iterator[SweptPage]:
        for page in pages(self, table, **place):  # type: ignore[arg-type]
            yield page
            if page.position is not None:
                raise Retryable("CRM cannot be reached, or broke off.")

    with monkeypatch.context() as patched:
        patched.setattr(sql_sweeper.SqlSweeper, "pages", broken)
        out, err = io.StringIO(), io.StringIO()
        with pytest.raises(CommandError, match="go on from there: --after") as stopped:
            call_command("sweep", "crm", identity=["ann@example.org"], stdout=out, stderr=err)
    assert "CRM: 1 records hold this person" in out.getvalue()
    (place,) = shlex.split(str(stopped.value).rpartition("--after ")[2])
    assert place.startswith("customers=")
    out, err = _said("crm", identity=["ann@example.org"], after=place)  # type: ignore[assignment]
    assert "CRM: 2 records hold this person" in str(out)
    assert "newsletter" in str(out)
    assert "2 of 3 tables, orders: 1 found" in str(err)


def test_a_source_that_rests_or_is_full_is_said_to_be() -> None:
    asked = a_request_in(RequestState.IN_REVIEW, email="ann@example.org", name="Ann Lee")
    DataSource.objects.update(rests_until=Now() + timedelta(minutes=5), failures_in_row=5)
    with pytest.raises(CommandError, match="CRM failed 5 times in a row and is left alone"):
        _said(asked.reference, "crm")
    DataSource.objects.update(rests_until=None, most_at_once=0)
    Sweep.objects.update(next_attempt_at=Now())
    with pytest.raises(CommandError, match="takes only so many at once"):
        _said(asked.reference, "crm")


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="Say the place"):
        _said("crm", identity=["ann@example.org"], after="orders={")


def test_a_request_is_swept_and_its_traces_kept() -> None:
    asked = a_request_in(RequestState.IN_REVIEW, email="ann@example.org", name="Ann Lee")
    out, _ = _said(asked.reference, "crm", as_json=True)
    assert {each["table"] for each in json.loads(out)["found"]} == {"customers", "newsletter", "orders"}
    assert Trace.objects.count() == 3


def test_the_patch_can_be_taken_as_it_is(tmp_path: Path) -> None:
    out, _ = _said("crm", identity=["ann@example.org"], patch=True)
    (tmp_path / "map.yaml").write_text(MAP)
    subprocess.run(["patch", "-p0"], cwd=tmp_path, input=out.encode(), check=True, capture_output=True)  # noqa: S607
    taken = (tmp_path / "map.yaml").read_text()
    assert taken.startswith("# The map of the desk"), "nothing else of the text is touched"
    data_map = load_map(taken)
    assert data_map.collection("newsletter").by_name["mail"].identity == "email"
    assert data_map.collection("customers").by_name["second_mail"].is_email


@pytest.mark.parametrize(
    ("words", "identity", "sentence"),
    [
        (["crm"], [], "Say the reference"),
        (["nothing"], ["ann@example.org"], "No source is called"),
        (["OM-2222-2222", "crm"], [], "No request has the reference"),
        (["crm"], ["whatever"], "Say what 'whatever' is"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    words: list[str], identity: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        _said(*words, identity=identity)
