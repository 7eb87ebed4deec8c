"""JSON that others wrote is changed where it is meant to be, and nowhere else by a single letter."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.connectors.json_places import replaced_in_text, respelled, taken_apart
from fulfillment.connectors.json_redacting import redacted_inside, redacted_json
from fulfillment.connectors.places_inside import NoPlace
from fulfillment.traces.person import KnownPerson

ANN = KnownPerson.by(("email", "ann@club.example"), ("name", "Ann Berg"))
NUMBERS = st.one_of(
    st.integers().map(str),
    st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=6).map(json.dumps)
SPACE = st.sampled_from(["", " ", "\n\t"])


def _listed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(SPACE, st.lists(inner, max_size=3)).map(lambda has: f"[{has[0]}{','.join(has[1])}]")


def _object(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.lists(st.tuples(WORDS, SPACE, inner), max_size=3)
    return members.map(lambda has: "{" + ",".join(f"{n}:{s}{v}" for n, s, v in has) + "}")


SPELLED = st.recursive(
    st.one_of(NUMBERS, WORDS, st.sampled_from(["true", "null"])),
    lambda inner: st.one_of(_listed(inner), _object(inner)),
    max_leaves=8,
)


@given(others=st.lists(SPELLED, min_size=1, max_size=4), space=SPACE)
def test_every_other_value_stays_as_it_is_spelled(others: list[str], space: str) -> None:
    """Numbers of any length, names that stand twice, their order and the space between them."""
    around = [f'"k{number % 2}":{space}{each}' for number, each in enumerate(others)]
    text = "{" + ",".join([*around, '"by": "Ann Berg, says Joe"']) + "}"
    found = redacted_json(text, ANN, column="papers")
    assert found.is_whole
    assert found.value == text.replace("Ann Berg", "[removed]")
    inside = redacted_inside(text, [("by",)], ANN, column="papers")
    assert inside.value == found.value


@given(text=SPELLED)
def test_what_has_nothing_of_the_person_comes_back_as_it_was(text: str) -> None:
    assert redacted_json(text, ANN, column="papers").value == text
    assert replaced_in_text(text, (), lambda piece: piece) == text.strip()
    assert respelled(text, json.loads(text), json.loads(text)) == text


def test_names_that_become_the_same_are_told_apart() -> None:
    text = '{"ann@club.example": 1, "[removed]": 2, "Ann Berg": 3}'
    found = redacted_json(text, ANN, column="papers")
    assert list(json.loads(found.value).values()) == [1, 2, 3]
    assert "ann" not in found.value.lower()


def test_a_bare_number_that_is_the_person_s_leaves_json() -> None:
    known = KnownPerson.by(("customer_number", "4711471147114711"))
    assert redacted_json("4711471147114711", known, column="customer_number").value == "null"
    assert redacted_json("47114711471147110", known, column="customer_number").value == "47114711471147110"


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ('{"a": 1.10, "b": 2}', {"b": 3}, '{"a": 1.10, "b": 3}'),
        ('{"a": [1.0, {"b": 1e400, "c": 2}]}', {"a": [1.0, {"c": None}]}, '{"a": [1.0, {"b": 1e400, "c": null}]}'),
        ("{}", {"new": "é"}, '{"new": "é"}'),
        ('{"a":1, "a":2}', {"a": 5}, '{"a":5, "a":5}'),
    ],
)  # fmt: skip
def test_a_row_with_other_values_keeps_the_spelling_of_the_rest(old: str, new: Any, written: str) -> None:
    parsed = json.loads(old, parse_float=str)
    assert respelled(old, parsed, _merged(parsed, new)) == written


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{name: _merged(old.get(name), each) for name, each in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return [old[0], *(_merged(*pair) for pair in zip(old[1:], new[1:], strict=True))]
    return new


def test_a_path_goes_through_lists_and_not_through_texts() -> None:
    text = '{"a": [{"b": 1}, {"b": 2.50}, null, {}]}'
    assert replaced_in_text(text, ("a", "b"), lambda piece: f"[{piece}]") == (
        '{"a": [{"b": [1]}, {"b": [2.50]}, null, {}]}'
    )
    with pytest.raises(NoPlace):
        replaced_in_text('{"a": "text"}', ("a", "b"), str)


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', "[" * 200_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|deep|Expect"):
        taken_apart(text)
