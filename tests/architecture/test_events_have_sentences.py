"""What is recorded and what has a sentence are the same names."""

import ast
from pathlib import Path
from string import Formatter

import pytest
from django.conf import settings

from requests_app.audit import events
from requests_app.lifecycle.moves import FACTS

BASE = Path(settings.BASE_DIR)


def _recorded() -> set[str]:
    """The names that stand in the code after `event=`, wherever something is recorded."""
    found: set[str] = {facts.event for facts in FACTS.values()}
    for package in ("requests_app", "fulfillment"):
        for path in (BASE / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_record(node.func):
                    found |= {
                        str(each.value)
                        for word in node.keywords
                        if word.arg == "event"
                        for each in ast.walk(word.value)
                        if isinstance(each, ast.Constant)
                    }
    return found


def _is_record(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "record"


def test_everything_that_is_recorded_has_a_sentence() -> None:
    assert _recorded() - set(events.registered()) == set()


def test_no_sentence_stands_for_something_that_is_never_recorded() -> None:
    assert set(events.registered()) - _recorded() == set()


@pytest.mark.parametrize(("name", "sentence"), sorted(events.registered().items()))
def test_a_sentence_is_one_and_can_be_filled(name: str, sentence: str) -> None:
    said = sentence.strip()
    assert said.endswith((".", "}"))
    assert all(field is None or field.isidentifier() for _, field, _, _ in Formatter().parse(said))
    assert events.sentence_for(name, {})
