"""Loading the three sources."""

import json

import psycopg
import pyarrow.parquet as pq
import pytest

from omne_dsar.demo.company import load
from omne_dsar.demo.company.product_events import DAYS, KINDS
from omne_dsar.demo.company.tables import TABLES
from tests.company import READER_PASSWORD, SmallCompany


def test_every_row_of_every_table_arrives(company: SmallCompany) -> None:
    with psycopg.connect(company.erp_url) as connection:
        for table in TABLES:
            expected = sum(1 for _ in table.rows(company.world))
            found = connection.execute(f"select count(*) from {table.name}").fetchone()  # noqa: S608
            assert found == (expected,), table.name
            assert expected > 0, table.name


def test_the_erp_is_as_large_as_a_real_one(company: SmallCompany) -> None:
    with psycopg.connect(company.erp_url) as connection:
        tables = connection.execute(
            "select count(*) from pg_tables where schemaname in ('public', 'crm')"
        ).fetchone()
        types = connection.execute(
            "select distinct data_type from information_schema.columns"
            " where table_schema in ('public', 'crm')"
        ).fetchall()

    assert tables is not None
    assert tables[0] >= 30
    assert {"jsonb", "ARRAY", "bytea", "inet", "uuid", "numeric", "date"} <= {name for (name,) in types}


def test_a_second_load_finds_nothing_to_do(company: SmallCompany) -> None:
    assert not load.load_erp(
        company.admin_url, reader_password=READER_PASSWORD, world=company.world, database=company.database
    )
    assert not load.write_desk_data(company.desk_file, world=company.world)
    assert not load.write_events(company.events_folder, world=company.world)


def test_a_company_of_an_older_version_is_made_anew(company: SmallCompany) -> None:
    company.desk_file.with_suffix(".version").write_text("older")
    company.desk_file.write_text("")

    assert load.write_desk_data(company.desk_file, world=company.world)
    assert company.desk_file.stat().st_size > 0


def test_the_reader_reads_every_table_and_changes_nothing(company: SmallCompany) -> None:
    with psycopg.connect(company.reader_url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"select 1 from {table.name} limit 1")  # noqa: S608
        connection.execute("set default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("update accounts set display_name = 'x'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (id int)")


def test_a_search_by_address_uses_an_index(company: SmallCompany) -> None:
    with psycopg.connect(company.erp_url) as connection:
        connection.execute("set enable_seqscan = off")
        for table, column in (
            ("accounts", "email"),
            ("crm.marketing_events", "email"),
            ("quotes", "requester_email"),
        ):
            statement = f"select * from {table} where lower(trim({column})) = 'a@b.example'"  # noqa: S608
            plan = connection.execute(f"explain {statement}")
            assert "Index" in str(plan.fetchall()), table


def test_every_reference_between_tables_is_kept_by_the_database(company: SmallCompany) -> None:
    with psycopg.connect(company.erp_url) as connection:
        found = connection.execute("select count(*) from pg_constraint where contype = 'f'").fetchone()

    assert found is not None
    assert found[0] > 40


def test_each_kind_of_event_has_a_file_for_each_day(company: SmallCompany) -> None:
    for subject, file, _ in KINDS.values():
        days = sorted(path.parent.name for path in company.events_folder.glob(f"{subject}/*/{file}"))
        assert len(days) == DAYS
        assert days[-1] == "2026-11-21"


def test_events_are_lines_of_json_and_rows_of_parquet(company: SmallCompany) -> None:
    views = company.events_folder / "usage" / "2026-11-21" / "page_views.jsonl"
    positions = company.events_folder / "location" / "2026-11-21" / "positions.parquet"

    assert all("email" in json.loads(line) for line in views.read_text(encoding="utf-8").splitlines())
    assert {"email", "latitude", "longitude"} <= set(pq.read_table(positions).column_names)


def test_nothing_holds_a_nul(company: SmallCompany) -> None:
    files = [company.desk_file, *company.events_folder.rglob("*.jsonl")]

    assert not [path.name for path in files if b"\\u0000" in path.read_bytes() or b"\0" in path.read_bytes()]
