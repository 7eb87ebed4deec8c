"""A map that asks of values what cannot be is refused, with the line."""

from typing import Any

import pytest
import yaml

from fulfillment.datamaps.datamap import DataField
from fulfillment.datamaps.errors import Severity
from fulfillment.datamaps.kinds_of_values import Kind, kind_of
from fulfillment.datamaps.read import read_map

Said = dict[str, Any]


def found(severity: Severity, fields: Said, rules: Said, **more: Said) -> list[tuple[str, str]]:
    """The written line and the sentence, of people with an id, an address and these fields beside other tables."""
    columns = {
        "id": {"fides_meta": {"primary_key": True, "data_type": "integer"}},
        "email": {"fides_meta": {"identity": "email"}},
        **fields,
    }
    people = {"name": "people", "fields": [{"name": name, **said} for name, said in columns.items()]}
    others = [
        {"name": name, "fields": [{"name": each, **said} for each, said in listed.items()]}
        for name, listed in more.items()
    ]
    dataset = {
        "fides_key": "club",
        "collections": [people, *others],
        "meta": {"omne": {"collections": {"people": {"erase": "mask", **rules}}}},
    }
    text = yaml.safe_dump({"dataset": [dataset]}, sort_keys=False)
    lines = text.splitlines()
    return [
        (lines[each.line - 1].strip(), each.sentence)
        for each in read_map(text).problems
        if each.severity is severity
    ]


def erased(name: str, how: object, **said: object) -> Said:
    return {"fields": {name: {"erase": how, **said}}}


@pytest.mark.parametrize(
    ("said", "own", "why"),
    [
        ({"fides_meta": {"data_type": "integer"}}, {}, "a number"),
        ({}, {"type": "boolean"}, "a yes or no"),
        ({}, {"type": "jsonb"}, "an object"),
        ({}, {"type": "date[]"}, "a list"),
        ({"data_categories": ["user.name"]}, {"type": "text"}, "of the category user.name"),
        ({"fides_meta": {"identity": "phone_number"}}, {}, "an identity (phone_number)"),
    ],
)
def test_only_dates_are_made_less_exact_and_counted_from(said: Said, own: Said, why: str) -> None:
    rules = erased("born", "generalise_date", **own)
    ((line, sentence),) = found(Severity.ERROR, {"born": said}, rules)
    assert line == "- name: born"
    assert sentence == f"people.born is {why}: generalise_date has no date to make less exact."
    period = {"retention": {"rule": "Tax.", "period": {"length": "P1Y", "counted_from": "born"}}}
    kept = {"erase": "delete", "fields": {"born": own}, **period}
    ((_, sentence),) = found(Severity.ERROR, {"born": said}, kept)
    assert sentence == f"people is kept from born, which is {why} and no date to count from."


@pytest.mark.parametrize(
    "own", [{}, {"type": "timestamp with time zone"}, {"type": "date"}, {"type": "text"}]
)
def test_a_date_or_a_text_that_may_be_one_is_no_error(own: Said) -> None:
    assert found(Severity.ERROR, {"born": {}}, erased("born", "generalise_date", **own)) == []


def test_of_text_it_is_said_that_not_every_database_reads_it() -> None:
    rules = erased("born", "generalise_date", type="varchar(10)")
    said = [sentence for _, sentence in found(Severity.WARNING, {"born": {}}, rules)]
    assert any("reads only dates written year first" in each for each in said)


@pytest.mark.parametrize("how", ["clear", {"with": "constant", "value": None}])
def test_nothing_is_left_of_a_key_or_of_what_must_not_be_empty(how: object) -> None:
    ((line, sentence),) = found(Severity.ERROR, {}, erased("id", how))
    assert line == "- name: id"
    assert "people.id is a part of the key, which cannot be cleared" in sentence
    ((_, sentence),) = found(Severity.ERROR, {"name": {}}, erased("name", how, type="text not null"))
    assert "people.name must not be empty" in sentence


def _referring(data_type: str) -> Said:
    to = {"dataset": "club", "field": "people.id", "direction": "from"}
    return {"person": {"fides_meta": {"references": [to], "data_type": data_type}}}


def test_a_number_refers_to_no_text() -> None:
    rules = erased("email", "hash")
    ((line, sentence),) = found(Severity.ERROR, {}, rules, visits=_referring("string"))
    assert line == "- dataset: club"
    assert sentence == "visits.person is text, and people.id, to which it refers, is a number."
    assert found(Severity.ERROR, {}, rules, visits=_referring("float")) == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("timestamp without time zone", Kind.DATE),
        ("time without time zone", Kind.OTHER),
        ("interval", Kind.OTHER),
        ("daterange", Kind.OTHER),
        ("integer", Kind.NUMBER),
        ("numeric(10, 2)", Kind.NUMBER),
        ("character varying(80)", Kind.TEXT),
        ("citext", Kind.TEXT),
        ("uuid", Kind.UUID),
        ("bytea", Kind.BYTES),
        ("geography", None),
    ],
)
def test_the_words_of_sources_for_types_are_understood(word: str, kind: Kind | None) -> None:
    assert kind_of(DataField("x", "X", type_name=word, data_type="string")) is kind
