"""`manage.py introspect`: the map on standard output, everything else beside it, and no secret in a refusal."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from fulfillment.datamaps.read import load_map
from fulfillment.sources.connect import connect_source
from tests.databases import source_database
from tests.factories import NOON, SYSTEM
from tests.servers import TestServers
from tests.sources import SHOP_MAP, connect_shop

TABLES = """
create table customers (id integer primary key, email text, name text);
insert into customers values (1, 'canary@x.example', 'Canary Bird');
create table orders (id integer primary key, customer_id integer, note text);
"""


@pytest.fixture(scope="module")
def address(running_servers: TestServers) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


def run(*words: str) -> tuple[str, str]:
    """What it prints to standard output and beside it."""
    out, beside = io.StringIO(), io.StringIO()
    call_command("introspect", *words, stdout=out, stderr=beside)
    return out.getvalue(), beside.getvalue()


def test_the_output_is_a_map_and_nothing_else(address: str) -> None:
    out, beside = run(address, "--key", "The Shop")
    data_map = load_map(out)
    assert data_map.key == "the_shop"
    assert [each.name for each in data_map.collections] == ["customers", "orders"]
    assert "samples 2 of 2" in beside
    assert "canary" not in (out + beside).lower()


def test_without_a_sample_names_and_types_are_judged(address: str) -> None:
    out, _ = run(address, "--sample", "0")
    (email,) = (each for each in load_map(out).collection("customers").fields if each.identity)
    assert email.name == "email"
    assert not any("sampled" in part.why for part in email.proposed)


@pytest.mark.django_db
def test_a_connected_source_is_named_by_its_key(address: str) -> None:
    connect_source(
        key="real_shop",
        kind="postgresql",
        label="Real shop",
        settings={"url": address},
        map_yaml=SHOP_MAP.format(key="real_shop"),
        by=SYSTEM,
        at=NOON,
    )
    data_map = load_map(run("real_shop")[0])
    assert (data_map.key, data_map.label) == ("real_shop", "Real shop")


@pytest.mark.django_db
def test_what_is_no_database_is_refused() -> None:
    connect_shop()
    with pytest.raises(CommandError, match="Only a database"):
        run("shop")
    with pytest.raises(CommandError, match="No source is called"):
        run("nowhere")


def test_a_refusal_does_not_show_the_address() -> None:
    with pytest.raises(CommandError) as refused:
        run("postgresql://me:hush@127.0.0.1:1/shop")
    assert "cannot be reached" in str(refused.value)
    assert "hush" not in str(refused.value)
    with pytest.raises(CommandError, match="between 0 and 10,000"):
        run("postgresql://me:hush@127.0.0.1:1/shop", "--sample", "-1")
