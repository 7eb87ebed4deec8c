"""Families: members found by file and by entry point, imported when first asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from requests_app.registry import NotRegistered, Registry


@pytest.fixture
def animals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[str]]:
    """A family with two members of its own and one that another package brings."""
    folder = tmp_path / "animals_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "base.py").write_text("ANIMAL = 'no animal, but the contract'")
    (folder / "cat.py").write_text("ANIMAL = 'miaows'")
    (folder / "dog.py").write_text("raise RuntimeError('imported too early')")
    (tmp_path / "someone_elses.py").write_text("bird = 'sings'")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "fish_of_a_test.py").write_text("ANIMAL = 'is silent'")
    brought = tmp_path / "animals_of_others-1.0.dist-info"
    brought.mkdir()
    (brought / "METADATA").write_text("Metadata-Version: 2.1\nName: animals-of-others\nVersion: 1.0\n")
    (brought / "entry_points.txt").write_text(
        "[test.animals]\nbird = someone_elses:bird\nfish = fish_of_a_test\n"
    )
    yield Registry(noun="animal", package="animals_of_a_test", attribute="ANIMAL", group="test.animals")
    for name in [
        name
        for name in sys.modules
        if name.startswith(("animals_of_a_test", "someone_elses", "fish_of_a_test"))
    ]:
        del sys.modules[name]


def test_keys_are_files_and_entry_points_and_import_nothing(animals: Registry[str]) -> None:
    assert animals.keys() == ("bird", "cat", "dog", "fish")
    assert "animals_of_a_test.dog" not in sys.modules


def test_gets_a_member_by_its_file(animals: Registry[str]) -> None:
    assert animals.get("cat") == "miaows"
    assert "dog" in animals


def test_gets_a_member_by_its_entry_point(animals: Registry[str]) -> None:
    assert animals.get("bird") == "sings"
    assert animals.get("fish") == "is silent"


def test_an_unknown_key_is_a_sentence_that_names_those_there_are(animals: Registry[str]) -> None:
    with pytest.raises(
        NotRegistered, match=r"There is no animal called “cow”\. There are: bird, cat, dog, fish"
    ):
        animals.get("cow")


def test_the_contract_is_no_member(animals: Registry[str]) -> None:
    assert "base" not in animals
