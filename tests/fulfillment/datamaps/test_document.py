"""YAML with lines: what is refused before anything is looked at."""

import pytest

from fulfillment.datamaps.document import parse_document


def refused(text: str) -> tuple[int, str]:
    """Line and sentence of the problem."""
    problem = parse_document(text).problem
    assert problem is not None
    return problem.line, problem.sentence


def test_knows_the_line_of_every_value() -> None:
    document = parse_document("a:\n  - b: 1\n    c:\n      - x\n      - y\n")
    assert document.line("a", 0, "c", 1) == 5
    assert document.line("a", 0, "c", 1, "deeper", "still") == 5
    assert document.content == {"a": [{"b": 1, "c": ["x", "y"]}]}


def test_refuses_a_key_written_twice() -> None:
    assert refused("a: 1\nb:\n  c: 1\n  c: 2\n") == (4, "the key “c” is written twice here.")


def test_reads_merged_keys_and_lets_them_be_overridden() -> None:
    document = parse_document("base: &base {x: 1, y: 2}\nmine:\n  <<: *base\n  x: 3\n")
    assert document.content["mine"] == {"x": 3, "y": 2}


@pytest.mark.parametrize("text", ["a: [", "a: 'open", "\tx: 1", "a: b: c"])
def test_refuses_what_is_not_yaml(text: str) -> None:
    assert "this is not YAML" in refused(text)[1]


def test_never_makes_objects_of_tags() -> None:
    assert "not YAML" in refused("a: !!python/object/apply:os.system ['true']")[1]


def test_refuses_an_anchor_inside_itself() -> None:
    assert "contains itself" in refused("a: &a [1, *a]")[1]


def test_refuses_a_bomb_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than" in refused("\n".join(lines))[1]


def test_refuses_an_empty_text_and_one_that_is_too_long() -> None:
    assert "empty" in refused("")[1]
    assert "longer than" in refused("a" * 5_000_001)[1]


def test_refuses_nul_characters() -> None:
    assert "not YAML" in refused("a: \0")[1]
