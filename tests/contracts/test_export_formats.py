"""Every export format keeps the contract: fit names, whole and repeatable parts, nothing secret or withheld."""

import re

import pytest

from fulfillment.bundles.base import FORMATS
from tests.fulfillment.bundles.samples import answer, hostile_answer, small_answer

# The PDF carries the moment of its making inside, and is set in another process.
KEYS = FORMATS.keys()
REPEATABLE = [key for key in KEYS if key != "pdf"]
FIT = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.[a-z]{2,5}")


def parts_of(key, contents):
    return [
        (part.name, part.media_type, b"".join(part.chunks))
        for part in FORMATS.get(key).parts(contents, beat=lambda: None)
    ]


@pytest.mark.parametrize("key", KEYS)
def test_a_format_has_a_label_and_a_media_type(key):
    known = FORMATS.get(key)
    assert known.label
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", known.media_type)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("contents", [small_answer, hostile_answer, answer])
def test_names_are_fit_for_every_system_and_given_once(key, contents):
    names = [name for name, _, _ in parts_of(key, contents())]
    assert len({name.lower() for name in names}) == len(names)
    assert all(FIT.fullmatch(name) and len(name) < 120 for name in names)


@pytest.mark.parametrize("key", REPEATABLE)
def test_the_same_answer_gives_the_same_bytes(key):
    assert parts_of(key, small_answer()) == parts_of(key, small_answer())


@pytest.mark.parametrize("key", REPEATABLE)
def test_nothing_secret_or_withheld_is_in_a_part(key):
    everything = b"".join(content for _, _, content in parts_of(key, small_answer()))
    assert b"canary" not in everything
