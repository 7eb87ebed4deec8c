"""Puts the demo company where its systems are: the ERP's database, the help desk's file, the event folder."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from omne_dsar.demo.company.helpdesk import desk_records
from omne_dsar.demo.company.product_events import write_event_files, write_forgotten_files
from omne_dsar.demo.company.tables import TABLES, Table
from omne_dsar.demo.company.world import World

# Raised when the made records change, so that a demo kept from before is made anew.
VERSION = "omne-company-4"
ERP_DATABASE = "omne_erp"
READER = "omne_dsar_reader"
# Searches go by the reader, who can never write; changes by this one, who can do nothing else.
CHANGER = "omne_dsar_changer"
SQL_FILES = Path(__file__).parent


def load_erp(admin_url: str, *, reader_password: str, world: World, database: str = ERP_DATABASE) -> bool:
    """Make the ERP's database, its rows and its read-only role; say whether there was anything to do."""
    _create_database(admin_url, database)
    for role in (READER, CHANGER):
        _keep_role(admin_url, role, reader_password)
    if already_loaded(admin_url, database=database):
        return False
    with psycopg.connect(make_conninfo(admin_url, dbname=database)) as connection:
        connection.execute(
            "drop schema if exists crm, legacy cascade; drop schema public cascade; create schema public"
        )
        connection.execute(_statements("schema.sql"))
        connection.execute("set search_path = public, crm")
        for table in TABLES:
            _copy(connection, table, world)
        connection.execute(_statements("keys.sql"))
        _let_reader_read(connection, database)
        _let_changer_change(connection, database)
        connection.execute("insert into schema_versions values (%s, %s)", (VERSION, world.as_of))
    with psycopg.connect(make_conninfo(admin_url, dbname=database), autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return True


def already_loaded(admin_url: str, *, database: str = ERP_DATABASE) -> bool:
    """True when the ERP holds this version of the company."""
    with psycopg.connect(make_conninfo(admin_url, dbname=database)) as connection:
        table = connection.execute("select to_regclass('public.schema_versions') is not null").fetchone()
        if table != (True,):
            return False
        return (
            connection.execute("select 1 from schema_versions where version = %s", (VERSION,)).fetchone()
            is not None
        )


def write_desk_data(path: Path, *, world: World) -> bool:
    """Write what Omne Desk holds, one record a line; say whether there was anything to do."""
    if path.exists() and _version_in(path.with_suffix(".version")):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as lines:
        for kind, record in desk_records(world):
            lines.write(json.dumps({"kind": kind, **record}, ensure_ascii=False) + "\n")
    unfinished.replace(path)
    path.with_suffix(".version").write_text(VERSION)
    return True


def write_events(folder: Path, *, world: World) -> bool:
    """Write the product events by day; say whether there was anything to do."""
    if _version_in(folder / ".version"):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    write_event_files(folder, world)
    write_forgotten_files(folder, world)
    (folder / ".version").write_text(VERSION)
    return True


def load_company(admin_url: str, *, reader_password: str, folder: Path, as_of: datetime) -> bool:
    """Load the ERP, and `desk.jsonl` and `events/` in the folder; say whether there was anything to do."""
    world = World(as_of=as_of)
    done = [
        load_erp(admin_url, reader_password=reader_password, world=world),
        write_desk_data(folder / "desk.jsonl", world=world),
        write_events(folder / "events", world=world),
    ]
    return any(done)


def _version_in(path: Path) -> bool:
    return path.exists() and path.read_text() == VERSION


def _statements(name: str) -> bytes:
    return (SQL_FILES / name).read_bytes()


def _create_database(admin_url: str, database: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (database,)).fetchone() is None:
            statement = sql.SQL("create database {} encoding 'UTF8' template template0")
            connection.execute(statement.format(sql.Identifier(database)))


def _keep_role(admin_url: str, role: str, password: str) -> None:
    with psycopg.connect(admin_url) as connection:
        # Roles belong to the whole server: two loads at once must not trip over each other.
        connection.execute("select pg_advisory_xact_lock(hashtext(%s))", (role,))
        if connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone() is None:
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        statement = sql.SQL("alter role {} password {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _let_reader_read(connection: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    names = {"reader": sql.Identifier(READER), "database": sql.Identifier(database)}
    for statement in (
        "revoke all on database {database} from public",
        "grant connect on database {database} to {reader}",
        "grant usage on schema public, crm, legacy to {reader}",
        "grant select on all tables in schema public, crm, legacy to {reader}",
        "alter role {reader} in database {database} set default_transaction_read_only = on",
        # The marketing tables are found by their bare names as well.
        "alter role {reader} in database {database} set search_path = public, crm",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def _let_changer_change(connection: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    names = {"changer": sql.Identifier(CHANGER), "database": sql.Identifier(database)}
    for statement in (
        # The keys of what is to change are kept in temporary tables.
        "grant connect, temporary on database {database} to {changer}",
        "grant usage on schema public, crm, legacy to {changer}",
        "grant select, update, delete on all tables in schema public, crm, legacy to {changer}",
        "alter role {changer} in database {database} set search_path = public, crm",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def _copy(connection: psycopg.Connection[tuple[object, ...]], table: Table, world: World) -> None:
    names = sql.Identifier(*table.name.split("."))
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(names, columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in table.rows(world):
            copy.write_row(row)
