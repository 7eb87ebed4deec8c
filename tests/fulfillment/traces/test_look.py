"""A person is found in whatever a value is packed in, with the way to the place, within limits that are told."""

import base64
import gzip
import json
from typing import Any

import pytest

from fulfillment.traces.limits import Limits
from fulfillment.traces.look import look
from tests.fulfillment.traces.ann import ANN
from tests.fulfillment.traces.packings import OPEN, SEALED, WORDS, b64


@pytest.mark.parametrize(
    ("name", "value", "decoders"), OPEN + SEALED, ids=[each[0] for each in OPEN + SEALED]
)
def test_the_words_are_found_in_every_packing(name: str, value: Any, decoders: tuple[str, ...]) -> None:
    seen = look(value, ANN, column="c")
    assert {"name", "email"} <= {hit.identifier.kind for hit in seen.hits}
    assert decoders in {hit.decoders for hit in seen.hits}
    assert seen.cut == ()
    assert all("ann@example.org" in hit.words for hit in seen.hits if hit.identifier.kind == "email")


def test_the_way_leads_to_the_place() -> None:
    packed = {"session": b64(json.dumps({"user": {"mails": ["x@y.z", "ann@example.org"]}}))}
    (hit,) = look(packed, ANN, column="payload").hits
    assert (hit.column, hit.way) == ("payload", (".session", "base64", "json $.user.mails[1]"))
    assert hit.is_whole


def test_url_encoding_and_entities_are_read() -> None:
    assert [hit.decoders for hit in look("q=ann%40example.org", ANN).hits] == [("url",)]
    assert [hit.decoders for hit in look("&lt;ann&#64;example.org&gt;", ANN).hits] == [("html",)]
    assert look("q=joann%40example.org", ANN).hits == ()


def test_a_whole_value_is_told_from_words_around() -> None:
    assert look(" <ann@example.org>;", ANN).hits[0].is_whole
    assert all(hit.is_whole for hit in look('"Lee, Ann" <ann@example.org>', ANN).hits)
    assert not look("Bob told ann@example.org", ANN).hits[0].is_whole


def test_a_bomb_ends_at_the_limit_and_says_so() -> None:
    bomb = gzip.compress(gzip.compress(bytes(200_000_000)))
    seen = look(bomb, ANN, limits=Limits(unpacked_bytes=1_000_000))
    assert seen.cut == ("gzip",)


def test_packings_within_packings_end_somewhere() -> None:
    packed = WORDS
    for _ in range(12):
        packed = b64(packed)
    assert look(packed, ANN, limits=Limits(depth=5)).cut == ("depth",)


def test_text_that_only_looks_packed_is_left_alone() -> None:
    for text in (
        "internationalization of /usr/local/lib/python",
        "{not json}",
        "a:1:{broken",
        "%zz &nothing;",
        "From: x",
    ):
        seen = look(text, ANN)
        assert (seen.hits, seen.cut) == ((), ())


def test_a_broken_pdf_is_said_not_to_have_been_read() -> None:
    assert look(b"%PDF-1.7 broken", ANN).cut == ("pdf",)
    assert look(base64.b64decode(b64(b"%PDF-1.7 broken")), ANN).cut == ("pdf",)
