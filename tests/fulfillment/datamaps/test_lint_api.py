"""What is said of a map whose calls cannot work, before anybody is asked."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from fulfillment.datamaps.additions import Additions
from fulfillment.datamaps.read import read_map

PEOPLE = "{name: people, fields: [{name: id}, {name: mail, fides_meta: {identity: email}}]}"
NOTES = "{name: notes, fields: [{name: id}]}"


def problems(people: dict[str, Any], notes: dict[str, Any] | None = None) -> str:
    described = {
        "people": {"path": "/people", "query": {"q": "{identity.email}"}, **people},
        "notes": {"path": "/people/{people.id}/notes", **(notes or {})},
    }
    omne = json.dumps({"api": {"auth": {"kind": "none"}, "collections": described}})
    text = f"dataset:\n  - fides_key: s\n    collections: [{PEOPLE}, {NOTES}]\n    meta: {{omne: {omne}}}\n"
    return "\n".join(each.at("map") for each in read_map(text).problems)


@pytest.mark.parametrize(
    ("people", "notes", "words"),
    [
        ({"path": "/{settings.tenant}/people"}, {}, ""),
        ({"path": "/{tenant}/people"}, {}, "wants {tenant}, which is neither identity, setting nor field"),
        ({}, {"body": {"a": [{"b": "{people.gone}"}]}, "method": "POST"}, "wants {people.gone}"),
        ({}, {"others": "leave_out"}, "notes leaves others out, but no field of it says whose"),
        ({"changes": {"erase": {"method": "DELETE", "path": "/people/{people.id}"}}}, {}, ""),
        ({"changes": {"erase": {"path": "/people/{notes.id}"}}}, {}, "call to erase people wants {notes.id}"),
        ({}, {"changes": {"erase": {"path": "/p/{people.id}/n/{notes.id}"}}}, ""),
        (
            {"changes": {"erase": {"path": "/p", "told": {"path": "/{notes.id}", "gone": [404]}}}},
            {},
            "wants {notes.id}, which a record of it does not give",
        ),
        (
            {"changes": {"restrict": {"path": "/p", "body": {"{change.field}": 1}}}},
            {},
            "wants {change.field}",
        ),
        (
            {"changes": {"correct": {"path": "/p", "fields": ["gone"]}}},
            {},
            "speaks of gone, which is no field",
        ),
        ({}, {"changes": {"goes_with": "folk"}}, "goes with folk, which is no collection"),
        ({"changes": {"erase": {"method": "GET", "path": "/p"}}}, {}, "pattern"),
        ({"body": {"a": 1}, "form": {"a": "1"}, "method": "POST"}, {}, "a body or a form, not both"),
        ({"path": "people"}, {}, "pattern"),
    ],
)
def test_a_call_that_cannot_work_is_an_error_with_its_line(
    people: dict[str, Any], notes: dict[str, Any], words: str
) -> None:
    said = "\n".join(line for line in problems(people, notes).splitlines() if ": error:" in line)
    assert (words in said) if words else not said


def test_the_example_of_the_manual_is_one_that_can_be_used() -> None:
    manual = Path("docs/http-apis.md").read_text(encoding="utf-8")
    example = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)[0])
    described = Additions.model_validate(example["meta"]["omne"]).api
    assert described is not None
    assert set(described.collections) == {"people", "orders"}
