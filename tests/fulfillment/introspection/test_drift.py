"""A map beside the live database: each difference at the line where it shows."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from fulfillment.datamaps.read import load_map
from fulfillment.introspection.drift import live_problems
from fulfillment.sources.connect import connect_source
from tests.databases import source_database
from tests.factories import NOON, SYSTEM
from tests.fulfillment.introspection.test_scores import connector_for, proposed
from tests.servers import TestServers

TABLES = """
create schema crm;
create table customers (id integer primary key, email text, fax varchar(20), born date);
create table crm.leads (id integer primary key, email text);
create table settings (name text);
create view everybody as select email from customers;
"""
CHANGES = """
alter table customers drop column fax, add column nickname text, alter column born type timestamp;
drop table crm.leads;
create table visits (id integer, email text);
"""


@pytest.fixture
def address(running_servers: TestServers) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


def change(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(CHANGES)


def differences(address: str, text: str) -> list[tuple[str, str, str]]:
    """How bad, the written line, the sentence."""
    lines = ["", *text.splitlines()]
    found = live_problems(connector_for(address), load_map(text))
    return sorted((each.severity.value, lines[each.line].strip(), each.sentence) for each in found)


def test_a_fresh_proposal_differs_in_nothing(address: str) -> None:
    assert differences(address, proposed(address)) == []


def test_what_changed_since_is_told_at_its_line(address: str) -> None:
    text = proposed(address)
    change(address)
    found = differences(address, text)
    assert {each[::2] for each in found} == {
        ("error", "crm.leads is gone: Known has no such table."),
        ("error", "customers.fax is gone: the table has no such column."),
        ("warning", "visits is a table that no map mentions, with 2 columns."),
        ("warning", "customers.nickname (text) is new: no map mentions it."),
        ("warning", "customers.born was date, and is timestamp without time zone now."),
    }
    at = {sentence.partition(" ")[0]: line for _, line, sentence in found}
    assert at["customers.fax"].startswith("- name: fax")
    assert at["crm.leads"].startswith("- name: crm.leads")


@pytest.mark.django_db
def test_the_command_fails_with_the_first_thing_that_is_gone(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = proposed(address)
    source = connect_source(
        key="known",
        kind="postgresql",
        label="Known",
        settings={"url": address},
        map_yaml=text,
        by=SYSTEM,
        at=NOON,
    )
    path = tmp_path / "known.yaml"
    path.write_text(text)
    call_command("check_map", str(path), "--source", source.key)
    assert "has all 2 tables of its map" in capsys.readouterr().out
    change(address)
    with pytest.raises(CommandError, match=r"The data map known.yaml, line \d+: .* is gone"):
        call_command("check_map", str(path), "--source", source.key)
    out = capsys.readouterr().out
    assert f"{path}: warning: visits is a table that no map mentions" in out
    assert "customers.nickname (text) is new" in out
