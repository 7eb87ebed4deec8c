"""What every database connector must do beyond the contract, as tests to inherit: give a `place`."""

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Engine, Integer, MetaData, String, Table, inspect, text

from fulfillment.connectors.base import Batch, CollectionDone, Connector
from fulfillment.connectors.errors import ConnectorError
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.asking import found, query, tables

ANN = "ann@x.org"
# Every one of these is somebody else than ann@x.org, whatever a collation thinks.
STRANGERS = (
    "joann@x.org",
    "ann@x.org.uk",
    "ann@x.or",
    "an%@x.org",
    "a_n@x.org",
    "ånn@x.org",
    "ánn@x.org",
    "ann@x.org\t",
    "ann @x.org",
    "ann@x.org;",
    "ann@x.org'",
    "ａnn@x.org",
    "аnn@x.org",
    "anñ@x.org",
    "ann\u200b@x.org",
    "ann\u00ad@x.org",
)
# Pairs of different people whose addresses some alphabet takes for one.
LOOK_ALIKES = (
    ("mi\u212ae@x.org", "mike@x.org"),
    ("\u0130lke@x.org", "ilke@x.org"),
    ("\u0131lke@x.org", "ilke@x.org"),
    ("stra\u00dfe@x.org", "strasse@x.org"),
    ("\u017fam@x.org", "sam@x.org"),
    ("jos\u00e9@x.org", "jose@x.org"),
    ("\u00c5se@x.org", "ase@x.org"),
    ("\ufb01n@x.org", "fin@x.org"),
)
ATTACKS = (
    "ann@x.org' or '1'='1",
    'ann@x.org" or 1=1 --',
    "ann@x.org\\' or 1=1 -- ",
    "%",
    "_%",
    "'; drop table people; --",
    "%(x)s %s :x $1 ? {x}",
    "\\",
    "ann@x.org\x00",
    "\x00",
    "NULL",
    "\ud83d\ude00@x.org".encode("utf-16", "surrogatepass").decode("utf-16"),
)
ODD_NAMES = (
    "select",
    "MixedCase",
    'quo"te',
    "back`tick",
    "per%cent %s %(x)s",
    "colon :name",
    "semi; drop table people; --",
    "space and ünï",
    "'single'",
    "back\\slash",
    "$$",
    "[brackets]",
)


@dataclass(frozen=True)
class Place:
    """An empty database: how a test fills it, and the connector that reads it."""

    engine: Engine
    connector: Connector[Any]
    made: list[Table] = field(default_factory=list)

    def hold(self, name: str, rows: list[dict[str, Any]], **columns: Any) -> None:
        """Make a table of these rows."""
        made = Table(name, MetaData(), *(Column(each, kind) for each, kind in columns.items()))
        with self.engine.begin() as connection:
            made.create(connection)
            self.made.append(made)
            if rows:
                connection.execute(made.insert(), rows)

    def people(self, *emails: str) -> None:
        """A table of people, numbered from 1."""
        rows = [{"id": number, "email": email} for number, email in enumerate(emails, start=1)]
        self.hold("people", rows, id=Integer, email=String(100))

    def run(self, *statements: str) -> None:
        """Run these as they are."""
        with self.engine.begin() as connection:
            for each in statements:
                connection.execute(text(each))

    def clean(self) -> None:
        """Drop what was made, so that the next test finds an empty database."""
        with self.engine.begin() as connection:
            for name in ("slow", "everybody"):
                connection.execute(text(f"drop view if exists {name}"))
            for each in self.made:
                each.drop(connection)
        self.made.clear()


def one(name: str, *fields: str) -> str:
    """A collection found by its field `email`, as YAML."""
    listed = [{"name": each} for each in fields]
    return json.dumps({"name": name, "fields": [*listed, _email()]})


def _email() -> dict[str, Any]:
    return {"name": "email", "fides_meta": {"identity": "email"}}


def numbers(place: Place, data_map: DataMap, *emails: str, **others: str) -> list[int]:
    """The `id` of every row of every collection that a search gives."""
    rows = found(place.connector, data_map, *emails, **others)
    return sorted(each["id"] for collection in rows.values() for each in collection)


class SqlContract:
    """Inherit this, and give a fixture `place`."""

    slow_view: str
    writing: type[ConnectorError]

    @pytest.fixture(scope="class")
    @classmethod
    def database(cls) -> Iterator[Place]:
        raise NotImplementedError

    @pytest.fixture
    def place(self, database: Place) -> Iterator[Place]:
        """The database, empty."""
        yield database
        database.clean()

    def test_an_address_is_the_same_in_any_case_and_between_blanks(self, place: Place) -> None:
        place.people("ann@x.org", "ANN@X.ORG", "  Ann@x.Org ", "ann@x.org   ", *STRANGERS)
        assert numbers(place, tables(one("people", "id")), ANN) == [1, 2, 3, 4]

    def test_letters_that_only_look_alike_are_different_people(self, place: Place) -> None:
        everybody = list(dict.fromkeys(each for pair in LOOK_ALIKES for each in pair))
        place.people(*everybody)
        people = tables(one("people", "id"))
        for number, each in enumerate(everybody, start=1):
            assert numbers(place, people, each) == [number]

    def test_a_letter_of_another_script_has_two_cases(self, place: Place) -> None:
        place.people("j\u00f6rg@x.org", "J\u00d6RG@X.org", "jo\u0308rg@x.org", "jorg@x.org", "joerg@x.org")
        assert numbers(place, tables(one("people", "id")), "J\u00d6rg@x.org") == [1, 2, 3]

    def test_a_soft_link_by_address_reaches_nobody_else(self, place: Place) -> None:
        letters = ["MIKE@X.ORG ", "mi\u212ae@x.org", "jmike@x.org", "m\u00edke@x.org"]
        place.people("mike@x.org", *(pair[0] for pair in LOOK_ALIKES))
        rows = [{"id": 100 + number, "sender": each} for number, each in enumerate(letters)]
        place.hold("letters", rows, id=Integer, sender=String(100))
        link = {"references": [{"dataset": "s", "field": "people.email", "direction": "from"}]}
        sender = {"name": "sender", "data_categories": ["user.contact.email"], "fides_meta": link}
        linked = tables(
            one("people", "id"), json.dumps({"name": "letters", "fields": [{"name": "id"}, sender]})
        )
        assert numbers(place, linked, "mike@x.org") == [1, 100]
        assert numbers(place, linked, "mi\u212ae@x.org") == [2, 101]

    def test_a_reference_by_text_takes_nothing_lightly(self, place: Place) -> None:
        codes = ["Ab1", "ab1", "áb1", "Ab1 ", "AB1"]
        rows = [{"id": number, "code": each, "email": ANN} for number, each in enumerate(codes[:1], start=1)]
        place.hold("accounts", rows, id=Integer, code=String(20), email=String(50))
        orders = [{"id": 10 + number, "account": each} for number, each in enumerate(codes)]
        place.hold("orders", orders, id=Integer, account=String(20))
        reference = {"references": [{"dataset": "s", "field": "accounts.code", "direction": "from"}]}
        account = {"name": "account", "fides_meta": reference}
        linked = tables(
            one("accounts", "id", "code"), json.dumps({"name": "orders", "fields": [{"name": "id"}, account]})
        )
        assert numbers(place, linked, ANN) == [1, 10]

    def test_numbers_of_customers_and_phones_are_those_and_no_others(self, place: Place) -> None:
        rows = [
            {"id": 1, "code": "cus_aB3", "phone": "+41 (44) 555-01 02", "number": 4711},
            {"id": 2, "code": "cus_Ab3", "phone": "0041445550103", "number": 47110},
            {"id": 3, "code": " cus_aB3 ", "phone": "555 01 02", "number": 41445550102},
        ]
        columns = {"code": String(30), "phone": String(30), "number": _big()}
        place.hold("accounts", rows, id=Integer, **columns)
        fields = [{"name": "id"}] + [
            {"name": name, "fides_meta": {"identity": name}} for name in ("code", "number")
        ]
        fields += [{"name": "phone", "fides_meta": {"identity": "phone_number"}}]
        accounts = tables(json.dumps({"name": "accounts", "fields": fields}))
        assert numbers(place, accounts, code="cus_aB3") == [1, 3]
        assert numbers(place, accounts, code="cus_ab3") == []
        assert numbers(place, accounts, phone_number="0041 44 555 01 02") == [1]
        assert numbers(place, accounts, number="4711") == [1]
        assert numbers(place, accounts, number="4711", code="cus_Ab3") == [1, 2]
        for odd in ("4711.0", "4711 or 1=1", "४७११", "9" * 40, "-4711", "0x1267"):
            assert numbers(place, accounts, number=odd, phone_number=odd) == []

    def test_a_phone_number_that_is_kept_as_a_number_is_found(self, place: Place) -> None:
        place.hold(
            "calls", [{"id": 1, "phone": 41445550102}, {"id": 2, "phone": 4144555}], id=_big(), phone=_big()
        )
        phone = {"name": "phone", "fides_meta": {"identity": "phone_number"}}
        calls = tables(json.dumps({"name": "calls", "fields": [{"name": "id"}, phone]}))
        assert numbers(place, calls, phone_number="+41 44 555 01 02") == [1]

    def test_what_is_searched_for_is_never_a_part_of_the_statement(self, place: Place) -> None:
        place.people(ANN, "joann@x.org")
        fields = [{"name": "id", "fides_meta": {"identity": "number"}}, _email()]
        people = tables(json.dumps({"name": "people", "fields": fields}))
        for attack in ATTACKS:
            assert numbers(place, people, attack, number=attack) == []
        assert numbers(place, people, *ATTACKS, ANN) == [1]

    def test_odd_names_are_names(self, place: Place) -> None:
        columns = {name: String(20) for name in ODD_NAMES}
        row = {name: f"value {number}" for number, name in enumerate(ODD_NAMES)}
        for number, name in enumerate(ODD_NAMES):
            if self.can_be_a_table(name):
                place.hold(
                    name, [{"id": number, "email": ANN, **row}], id=Integer, email=String(50), **columns
                )
        named = [name for name in ODD_NAMES if self.can_be_a_table(name)]
        rows = found(place.connector, tables(*(one(name, "id", *ODD_NAMES) for name in named)), ANN)
        assert {name: found_rows[0]["id"] for name, found_rows in rows.items()} == {
            name: ODD_NAMES.index(name) for name in named
        }
        assert all({**found_rows[0], **row} == found_rows[0] for found_rows in rows.values())

    def can_be_a_table(self, name: str) -> bool:
        """Whether this kind of database takes such a name for a table."""
        return True

    def test_a_wide_table_and_an_empty_one(self, place: Place) -> None:
        names = [f"c{number}" for number in range(400)]
        wide = dict.fromkeys(names, Integer)
        row = {"email": ANN, **dict.fromkeys(names, 7)}
        place.hold("wide", [row], email=String(50), **wide)
        place.hold("vacant", [], id=Integer, email=String(50))
        yielded = list(place.connector.search(query(ANN), tables(one("wide", *names), one("vacant", "id"))))
        (batch,) = (each for each in yielded if isinstance(each, Batch))
        assert json.loads(batch.lines[0]) == row
        assert [(each.collection, each.count) for each in yielded if isinstance(each, CollectionDone)] == [
            ("wide", 1),
            ("vacant", 0),
        ]

    def test_a_view_is_read_like_a_table(self, place: Place) -> None:
        place.people(ANN, "joann@x.org")
        place.run("create view everybody as select id, email from people")
        assert numbers(place, tables(one("everybody", "id")), ANN) == [1]

    def test_a_search_that_is_given_up_stops(self, place: Place) -> None:
        place.run(*self.slow_view.split(";"))
        search = place.connector.search(
            query(ANN), tables(one("people", "id"), one("slow", "id")), heartbeat=_giving_up
        )
        place.people(ANN)
        with pytest.raises(KeyboardInterrupt):
            list(search)

    def test_nothing_but_reading_is_possible(self, place: Place) -> None:
        place.people(ANN)
        before = inspect(place.engine).get_table_names()
        with (
            pytest.raises(self.writing),
            place.connector.snapshot("The source", purpose="test") as connection,  # type: ignore[attr-defined]
        ):
            connection.execute(text("insert into people values (2, 'ann@x.org')"))
        assert inspect(place.engine).get_table_names() == before
        assert numbers(place, tables(one("people", "id")), ANN) == [1]

    @pytest.mark.slow
    def test_a_hundred_thousand_rows_pass_through_a_small_memory_each_once(self, place: Place) -> None:
        rows = [{"id": number, "email": ANN if number % 2 else "ANN@x.org"} for number in range(100_000)]
        place.hold("people", rows, id=Integer, email=String(60))
        del rows
        search = place.connector.search(query(ANN, "ann@X.ORG"), tables(one("people", "id")))
        seen, lines = set(), 0
        tracemalloc.start()
        try:
            for each in search:
                for line in each.lines if isinstance(each, Batch) else ():
                    seen.add(hash(line))
                    lines += 1
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (lines, len(seen)) == (100_000, 100_000)
        assert peak < 40 * 1024 * 1024


def _giving_up() -> None:
    raise KeyboardInterrupt


def _big() -> Any:
    return BigInteger


SPELLED = ("ann@x.org", "ANN@X.ORG", "  Ann@x.Org ", "ann@x.org    ", "    aNN@X.ORG", *STRANGERS)


class IndexContract:
    """Inherit this, and give a fixture `place` and the ways to make an index."""

    # What lets in a search by address, and an index that does not.
    folded: str
    others: tuple[str, ...] = ()
    useless: str = "create index i on people (id)"

    @pytest.fixture
    def place(self) -> Iterator[Place]:
        raise NotImplementedError

    def test_an_index_changes_nothing_that_is_found(self, place: Place) -> None:
        for index in (self.folded, *self.others):
            place.people(*SPELLED)
            place.run(*index.split(";"))
            people = tables(one("people", "id"))
            assert numbers(place, people, ANN) == [1, 2, 3, 4, 5]
            assert numbers(place, people, *ATTACKS) == []
            assert numbers(place, people, "\u00e1nn@x.org") == [5 + STRANGERS.index("\u00e1nn@x.org") + 1]
            place.clean()

    def test_a_check_names_each_column_that_no_index_leads_to(self, place: Place) -> None:
        people = tables(one("people", "id"))
        place.people(ANN)
        place.run(self.useless)
        (warning,) = place.connector.check(people).warnings
        assert "No index leads to people.email" in warning
        assert "lower(trim(email))" in warning
        place.clean()
        for index in (self.folded, *self.others):
            place.people(ANN)
            place.run(*index.split(";"))
            assert not any("index" in each for each in place.connector.check(people).warnings)
            place.clean()

    def test_a_check_names_a_reference_that_no_index_leads_to(self, place: Place) -> None:
        place.people(ANN)
        place.hold("orders", [], id=Integer, person=Integer)
        person = {"references": [{"dataset": "s", "field": "people.id", "direction": "from"}]}
        orders = {"name": "orders", "fields": [{"name": "id"}, {"name": "person", "fides_meta": person}]}
        linked = tables(one("people", "id"), json.dumps(orders))
        assert any(
            "No index leads to orders.person" in each for each in place.connector.check(linked).warnings
        )
        place.run("create index orders_person on orders (person)")
        assert not any("orders.person" in each for each in place.connector.check(linked).warnings)

    def test_a_soft_link_by_address_enters_by_an_index_too(self, place: Place) -> None:
        place.people(*SPELLED, "mi\u212ae@x.org", "mike@x.org")
        place.run(*self.folded.split(";"))
        place.hold(
            "senders",
            [{"id": 100, "email": "ANN@x.org"}, {"id": 101, "email": "mike@x.org"}],
            id=Integer,
            email=String(60),
        )
        link = {"references": [{"dataset": "s", "field": "senders.email", "direction": "from"}]}
        email = {"name": "email", "data_categories": ["user.contact.email"], "fides_meta": link}
        people = {"name": "people", "fields": [{"name": "id"}, email]}
        linked = tables(one("senders", "id"), json.dumps(people))
        assert numbers(place, linked, ANN) == [1, 2, 3, 4, 5, 100]
        assert numbers(place, linked, "mike@x.org") == [len(SPELLED) + 2, 101]

    def test_a_customers_number_enters_by_an_index(self, place: Place) -> None:
        rows = [
            {"id": number, "email": each}
            for number, each in enumerate(("aB3", " aB3  ", "ab3", "aB30", "aB"))
        ]
        place.hold("people", rows, id=Integer, email=String(60))
        place.run("create index i on people (email)")
        code = {"name": "email", "fides_meta": {"identity": "code"}}
        people = tables(json.dumps({"name": "people", "fields": [{"name": "id"}, code]}))
        assert numbers(place, people, code="aB3") == [0, 1]
        assert not any("index" in each for each in place.connector.check(people).warnings)
