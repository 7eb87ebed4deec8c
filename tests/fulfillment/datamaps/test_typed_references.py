"""References that hold only beside certain values: read, followed in their direction, and linted at their line."""

import pytest

from fulfillment.datamaps.datamap import DataMap, Reference
from fulfillment.datamaps.errors import Severity
from fulfillment.datamaps.export import export_map
from fulfillment.datamaps.read import load_map, read_map
from fulfillment.datamaps.traversal import Link, traverse

MAP = """\
dataset:
  - fides_key: forum
    collections:
      - name: people
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, fides_meta: {identity: email}}
      - name: comments
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: of_type}
          - {name: of_id}
          - {name: token}
    meta:
      omne:
        collections:
          comments:
            fields:
              token: {secret: true}
              of_id:
                references:
                  - {field: people.id, when: {of_type: [Person, 12]}, direction: from}
"""
WRITTEN = "{field: people.id, when: {of_type: [Person, 12]}, direction: from}"


def errors(text: str) -> list[tuple[str, str]]:
    """The line as it is written, and what is wrong with it."""
    lines = ["", *text.splitlines()]
    return [
        (lines[each.line].strip(), each.sentence)
        for each in read_map(text).problems
        if each.severity is Severity.ERROR
    ]


@pytest.fixture
def data_map() -> DataMap:
    return load_map(MAP)


def test_it_is_read_with_its_line_and_numbers_become_words(data_map: DataMap) -> None:
    (reference,) = data_map.collection("comments").by_name["of_id"].references
    assert reference == Reference("forum", "people.id", "from", when=(("of_type", ("Person", "12")),))
    assert MAP.splitlines()[reference.line - 1].strip() == f"- {WRITTEN}"


def test_it_is_followed_with_what_must_stand_beside_it(data_map: DataMap) -> None:
    step = traverse(data_map).steps[-1]
    assert step.links == (Link("people", (("id", "of_id"),), own_when=(("of_type", ("Person", "12")),)),)


def test_the_other_way_the_condition_is_on_the_rows_it_starts_from() -> None:
    text = MAP.replace("direction: from}\n", "direction: to}\n").replace(
        "- {name: of_type}", "- {name: of_type}\n          - {name: author, fides_meta: {identity: email}}"
    )
    by_name = {step.collection: step for step in traverse(load_map(text)).steps}
    assert by_name["people"].links == (
        Link("comments", (("of_id", "id"),), their_when=(("of_type", ("Person", "12")),)),
    )


def test_it_is_written_back_as_it_was(data_map: DataMap) -> None:
    assert load_map(export_map(data_map)) == data_map


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        (
            "{field: people.number, when: {of_type: Person}}",
            "refers to people.number, which this map does not have",
        ),
        ("{field: people.id, when: {type: Person}}", "names type, which is no field of comments"),
        ("{field: people.id, when: {token: Person}}", "names token, which is a secret"),
        ("{field: people.id, when: {of_id: Person}}", "names of_id, which is the reference itself"),
        ("{field: people.id, when: {}}", "at least 1"),
        ("{field: people.id, when: {of_type: []}}", "at least 1"),
        ("{field: people.id, when: {of_type: ''}}", "at least 1"),
        ("{field: people.id}", "Field required"),
        ("{field: people.id, when: {of_type: Person}, direction: both}", "'from' or 'to'"),
        ("{field: people.id, when: {of_type: Person}, where: x}", "Extra inputs"),
    ],
)
def test_what_is_wrong_with_it_stands_at_its_line(instead: str, words: str) -> None:
    found = errors(MAP.replace(WRITTEN, instead))
    assert any(instead in line and words in sentence for line, sentence in found), found
