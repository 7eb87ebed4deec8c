"""MariaDB: values without loss, collations that decide nothing, and what a server may do to us."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fulfillment.connectors.base import CONNECTORS, Batch, Connector
from fulfillment.connectors.errors import Fatal, NotConfigured, Retryable
from tests.fulfillment.connectors.asking import ORDERS, PEOPLE, found, query, tables
from tests.mariadb import MariadbServer, run

STATEMENTS = """
set sql_mode = '';
create table people (
    id bigint unsigned primary key, email varchar(60) character set latin1, price decimal(40, 12),
    ratio float, exact double, photo blob, short binary(2), about json, zero date, born date, seen timestamp(6) null,
    local datetime(3), nothing_at datetime, took time(1), feeling enum('fine', 'so-so'), likes set('a', 'b'),
    flags bit(9), agreed boolean, since year, number int(6) zerofill, place point, far point, uid uuid, ip inet6,
    words longtext, empty varchar(5), hidden int invisible,
    code varchar(9) character set latin1 default 'Ünï 1', twice bigint generated always as (number * 2) virtual,
    loud varchar(60) generated always as (upper(email)) stored
);
set time_zone = '+05:00';
insert into people (id, email, price, ratio, exact, photo, short, about, zero, born, seen, local, nothing_at, took,
    feeling, likes, flags, agreed, since, number, place, far, uid, ip, words, empty, hidden)
values (18446744073709551615, 'Ann@X.org', 12345678901234567.12, 16777217, 1e308, x'00ff', 'a',
    '{"a" :\\n [1.0,\\r\\n"b"], "mail": {"work \\\\" one": "Json@x.org"}}', '0000-00-00', '2020-02-00',
    '2026-11-22 23:30:00.123456', '9999-12-31 23:59:59.999', '0000-00-00 00:00:00', '-838:59:59.5', 'so-so', 'a,b',
    b'100000001', 2, 1999, 42, point(0.1, 2), st_geomfromtext('POINT(1 2)', 4326),
    '6F9619FF-8B86-D011-B42D-00C04FC964FF', '::1', concat('line', char(10), 'end “', char(0), '”', char(92)), '', 7);
create table orders (num integer, email varchar(60) collate utf8mb4_unicode_ci, code varchar(9));
insert into orders values (1, 'ann@x.org', 'Ünï 1'), (2, 'joann@x.org', 'uni 1');
create view broken as select email, repeat('\\n', 10000000) as n from people;
"""
VALUES = {
    "id": 18446744073709551615,
    "email": "Ann@X.org",
    "price": "12345678901234567.120000000000",
    "ratio": 16777216.0,
    "exact": 1e308,
    "photo": {"$base64": "AP8="},
    "short": {"$base64": "YQA="},
    "about": {"a": [1.0, "b"], "mail": {'work " one': "Json@x.org"}},
    "zero": "0000-00-00",
    "born": "2020-02-00",
    "seen": "2026-11-22T18:30:00.123456+00:00",
    "local": "9999-12-31T23:59:59.999",
    "nothing_at": "0000-00-00T00:00:00",
    "took": "-838:59:59.5",
    "feeling": "so-so",
    "likes": "a,b",
    "flags": 257,
    "agreed": 2,
    "since": 1999,
    "number": 42,
    "place": "POINT(0.1 2)",
    "far": "SRID=4326;POINT(1 2)",
    "uid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "ip": "::1",
    "words": "line\nend “\x00”\\",
    "empty": "",
    "code": "Ünï 1",
    "hidden": 7,
    "twice": 84,
    "loud": "ANN@X.ORG",
}


@pytest.fixture(scope="module")
def held(mariadb: MariadbServer) -> Iterator[str]:
    """A database with every sort of column; gives its name."""
    with mariadb.database(STATEMENTS) as name:
        yield name


@pytest.fixture
def source(mariadb: MariadbServer, held: str) -> Connector[Any]:
    """A connector for it."""
    return CONNECTORS.get("mariadb").from_settings({"url": mariadb.url(held)})


def _people() -> Any:
    return tables(PEOPLE % ", ".join(f"{{name: {name}}}" for name in VALUES if name not in ("id", "email")))


def test_values_lose_nothing_on_the_way(source: Connector[Any]) -> None:
    assert found(source, _people(), "ann@x.org")["people"] == [VALUES]


def test_an_address_inside_json_is_found(source: Connector[Any]) -> None:
    mail = "{name: mail, fields: [{name: 'work \" one', fides_meta: {identity: email}}]}"
    nested = tables(f"{{name: people, fields: [{{name: id}}, {{name: about, fields: [{mail}]}}]}}")
    assert len(found(source, nested, "json@X.org")["people"]) == 1
    assert found(source, nested, "son@x.org") == {}


def test_columns_of_two_collations_and_two_charsets_are_compared(source: Connector[Any]) -> None:
    link = "{references: [{dataset: s, field: people.%s, direction: from}]}"
    for own in ("email", "code"):
        fields = f"{{name: num}}, {{name: {own}, fides_meta: {link % own}}}"
        linked = tables(PEOPLE % "{name: code}", f"{{name: orders, fields: [{fields}]}}")
        assert [row["num"] for row in found(source, linked, "ann@x.org")["orders"]] == [1]


def test_a_row_that_the_server_would_cut_is_refused_whole(source: Connector[Any]) -> None:
    broken = tables("{name: broken, fields: [{name: n}, {name: email, fides_meta: {identity: email}}]}")
    with pytest.raises(Fatal, match="larger than it gives"):
        found(source, broken, "ann@x.org")


def test_a_table_of_another_database_is_named_with_it(
    mariadb: MariadbServer, held: str, source: Connector[Any]
) -> None:
    with mariadb.database(
        "create table people (id int, email text); insert into people values (5, 'ann@x.org')"
    ) as other:
        both = tables(
            f"{{name: {other}.people, fields: [{{name: id}}, {{name: email, fides_meta: {{identity: email}}}}]}}",
            ORDERS,
        )
        rows = found(source, both, "ann@x.org")
    assert rows == {
        f"{other}.people": [{"id": 5, "email": "ann@x.org"}],
        "orders": [{"num": 1, "email": "ann@x.org"}],
    }


def test_all_collections_are_read_from_one_moment(
    mariadb: MariadbServer, held: str, source: Connector[Any]
) -> None:
    search = source.search(query("ann@x.org"), tables(PEOPLE % "{name: born}", ORDERS))
    first = next(each for each in search if isinstance(each, Batch))
    with mariadb.connect(held) as connection:
        run(connection, "insert into orders values (3, 'ann@x.org', '')")
        late = [line for each in search if isinstance(each, Batch) for line in each.lines]
        run(connection, "delete from orders where num = 3")
    assert first.collection == "people"
    assert [json.loads(line)["num"] for line in late] == [1]


def test_a_user_who_may_only_read_some_columns_is_told_which(mariadb: MariadbServer, held: str) -> None:
    with mariadb.connect(held) as connection:
        run(
            connection,
            f"create user some@'%' identified by 'p@:/%w'; grant select (id, email) on {held}.people to some@'%'",
        )
    reader = CONNECTORS.get("mariadb").from_settings(
        {"url": mariadb.url(held, user="some", password="x"), "password": "p@:/%w"}
    )
    assert found(reader, tables(PEOPLE.replace(", %s", "")), "ann@x.org")
    with pytest.raises(NotConfigured, match="the column born of people"):
        found(reader, tables(PEOPLE % "{name: born}"), "ann@x.org")
    with pytest.raises(NotConfigured, match="the table orders"):
        found(reader, tables(ORDERS), "ann@x.org")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wr@ng:/%pw"}, "refused the user name or password"),
        ({"url": "mariadb://root:x@127.0.0.1:1/x"}, "cannot be reached"),
    ],
)
def test_what_fails_at_the_door_is_a_sentence_without_secrets(
    mariadb: MariadbServer, held: str, change: dict[str, str], words: str
) -> None:
    wrong = CONNECTORS.get("mariadb").from_settings({"url": mariadb.url(held), **change})
    with pytest.raises((NotConfigured, Retryable), match=words) as refused:
        wrong.check()
    assert "wr@ng" not in f"{refused.value!r} {refused.value.__cause__} {wrong.settings!r}"


def test_a_database_that_is_not_there_is_a_matter_for_settings(mariadb: MariadbServer) -> None:
    with pytest.raises(NotConfigured, match="has no database of the name"):
        CONNECTORS.get("mariadb").from_settings({"url": mariadb.url("gone_away")}).check()


def test_a_search_that_takes_too_long_can_be_tried_again(mariadb: MariadbServer, held: str) -> None:
    with mariadb.connect(held) as connection:
        run(connection, "create view slow as select email, cast(sleep(5) as char) as s from people")
    hasty = CONNECTORS.get("mariadb").from_settings(
        {"url": mariadb.url(held), "statement_timeout_seconds": 1}
    )
    slow = tables("{name: slow, fields: [{name: s}, {name: email, fides_meta: {identity: email}}]}")
    with pytest.raises(Retryable, match="longer than 1 seconds"):
        found(hasty, slow, "ann@x.org")


def test_a_connection_lost_half_way_can_be_tried_again(mariadb: MariadbServer) -> None:
    rows = "select seq as id, 'ann@x.org' as email, repeat('x', 500) as words from seq_1_to_60000"
    with mariadb.database(f"create table people as {rows}") as name:
        source = CONNECTORS.get("mariadb").from_settings({"url": mariadb.url(name)})
        search = source.search(query("ann@x.org"), tables(PEOPLE % "{name: words}"))
        assert next(each for each in search if isinstance(each, Batch))
        assert mariadb.kill_connections()
        with pytest.raises(Retryable, match="broke off"):
            list(search)


def test_the_reference_of_the_request_stands_in_the_servers_own_list(
    mariadb: MariadbServer, held: str
) -> None:
    source = CONNECTORS.get("mariadb").from_settings({"url": mariadb.url(held)})
    with source.snapshot("The source", purpose="DSR-1 */ drop") as connection:  # type: ignore[attr-defined]
        shown = connection.exec_driver_sql(
            "select info from information_schema.processlist where id = connection_id()"
        )
        assert shown.scalar_one().startswith("/* omne-dsar DSR-1  drop */ select")
