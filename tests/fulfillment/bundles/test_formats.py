"""Every format says everything once, keeps numbers exact, and is harmless whatever the data holds."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fulfillment.bundles.base import FORMATS, formats_in_order
from fulfillment.bundles.cells import readable, spreadsheet
from fulfillment.bundles.contents import FieldContent, FileContent, Withheld
from fulfillment.bundles.decoding import Numeral
from fulfillment.bundles.formats.json import SCHEMA
from fulfillment.bundles.names import collection_paths, plain_name
from tests.fulfillment.bundles.samples import ATTACKS, answer, collection, hostile_answer, small_answer


def written(key, contents):
    parts = FORMATS.get(key).parts(contents, beat=lambda: None)
    return {part.name: b"".join(part.chunks) for part in parts}


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_formats_are_registered_and_the_one_that_can_fail_is_first():
    assert FORMATS.keys() == ("csv", "html", "json", "originals", "pdf")
    assert formats_in_order()[0] is FORMATS.get("pdf")


def test_original_files_lie_beside_the_records_that_name_them_and_not_where_those_are_withheld():
    paper = FileContent("001.pdf", "application/pdf", lambda: iter([b"%PDF-", b"1.7"]))
    papers = collection([{"file": "001.pdf"}], key="papers", source="archive", files=(paper,))
    kept_back = replace(papers, key="secret_papers", withheld=Withheld("privacy", "", "No."))
    contents = replace(small_answer(), collections=(papers, kept_back))
    assert written("originals", contents) == {"files/archive/papers/001.pdf": b"%PDF-1.7"}


@pytest.mark.parametrize("contents", [small_answer, hostile_answer, answer])
def test_data_json_keeps_to_its_published_schema(contents):
    files = written("json", contents())
    schema = json.loads(files["schema.json"])
    Draft202012Validator.check_schema(schema)
    assert not list(Draft202012Validator(schema).iter_errors(json.loads(files["data.json"])))
    assert files["schema.json"] == SCHEMA.read_bytes()


def lines(content):
    return [json.loads(line) for line in content.splitlines()]


def test_data_json_holds_what_the_collections_hold():
    files = written("json", small_answer())
    everything = json.loads(files["data.json"])
    erp, desk = everything["sources"]
    assert erp["collections"][1]["records"] == lines(files["data/omne_erp/notes.jsonl"])
    by_key = {each["key"]: each for each in desk["collections"]}
    assert by_key["calls"]["records"] == []
    assert by_key["calls"]["withheld"]["cite"] == "Art. 15(4)"
    assert by_key["surveys"]["record_count"] == 0


def test_numbers_keep_every_digit():
    exact = b'{"id":12345678901234567890,"price":0.10000000000000000001}'
    odd = collection([{"id": 1, "price": 1}])
    object.__setattr__(odd, "open_rows", lambda: [exact])
    files = written("json", answer(odd)) | written("csv", answer(odd))
    records = [json.loads(files["data/omne_desk/tickets.jsonl"], parse_float=Decimal)]
    assert records == [{"id": 12345678901234567890, "price": Decimal("0.10000000000000000001")}]
    assert table(files["data/omne_desk/tickets.csv"])[1] == ["12345678901234567890", "0.10000000000000000001"]


@pytest.mark.parametrize("key", ["csv", "html", "json"])
def test_secrets_and_withheld_records_are_in_no_file(key):
    everything = b"".join(written(key, small_answer()).values())
    assert b"canary-secret" not in everything
    assert b"canary-withheld" not in everything


def test_a_secret_inside_another_field_is_dropped_too():
    nested = collection(
        [{"id": 1, "login": {"user": "ada", "token": "canary-token"}}],
        secrets=(FieldContent("login.token", "Token"),),
    )
    files = written("json", answer(nested))
    assert b"canary-token" not in b"".join(files.values())
    assert lines(files["data/omne_desk/tickets.jsonl"]) == [{"id": 1, "login": {"user": "ada"}}]


def test_a_record_that_lost_a_secret_keeps_the_digits_of_its_numbers_and_is_json():
    odd = collection([{"price": 1, "text": "x"}], secrets=(FieldContent("login.token", "Token"),))
    line = b'{"price":12.50,"id":-0.0,"text":"\\ud800 half","login":{"token":"canary-token"}}'
    object.__setattr__(odd, "open_rows", lambda: [line])
    files = written("json", answer(odd)) | written("csv", answer(odd))
    assert files["data/omne_desk/tickets.jsonl"] == (
        b'{"price":12.50,"id":-0.0,"text":"\\ud800 half","login":{}}\n'
    )
    assert json.loads(files["data.json"])["sources"][0]["collections"][0]["records"][0]["price"] == 12.5
    assert table(files["data/omne_desk/tickets.csv"])[1] == ["12.50", "\\ud800 half"]


def test_csv_starts_with_the_mark_and_the_labels():
    content = written("csv", small_answer())["data/omne_erp/accounts.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    headings, row = table(content)
    assert headings == ["Name", "Mail address", "Customer since", "Active", "Credit", "Settings"]
    assert row[3:5] == ["true", "-12.5"]


def test_two_fields_of_one_label_can_be_told_apart():
    twins = collection([{"a": 1, "b": 2}], fields=(FieldContent("a", "Date"), FieldContent("b", "Date")))
    assert table(written("csv", answer(twins))["data/omne_desk/tickets.csv"])[0] == ["Date (a)", "Date (b)"]


def test_no_cell_of_a_hostile_answer_starts_a_formula():
    (content,) = (text for name, text in written("csv", hostile_answer()).items() if name.endswith(".csv"))
    cells = [cell for row in table(content) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert len(table(content)) == len(ATTACKS) + 1


@given(text=st.text())
def test_any_text_comes_back_from_a_csv_cell_but_for_the_apostrophe(text):
    cell = spreadsheet(text)
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(value=ANY_JSON)
def test_any_value_has_a_readable_text(value):
    assert isinstance(readable(value), str)
    assert readable(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-07-01", "1 July 2026"),
        ("2026-07-01T18:03:00Z", "1 July 2026, 18:03 UTC"),
        ("2026-07-01 18:03:09.123456+00:00", "1 July 2026, 18:03:09 UTC"),
        ("2026-07-01T18:03:00+05:30", "1 July 2026, 18:03 UTC+05:30"),
        ("2026-13-45", "2026-13-45"),
        ("2026-07-01 and more", "2026-07-01 and more"),
        (True, "Yes"),
        (None, "–"),
        ("", "–"),
        ([], "–"),
        (Numeral("007.10"), "007.10"),
        ({"a": ["x", {"b": None}]}, "a:\n  • x\n  •\n    b: –"),
    ],
)
def test_values_are_shown_in_words(value, text):
    assert readable(value) == text


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd",
        "CON",
        "con.txt",
        "lpt1",
        "",
        "...",
        "a" * 300,
        "\x00",
        "x\u202egnp",
        "名前",
        "a/b\\c",
    ],
)
def test_a_name_is_fit_for_every_system(key):
    name = plain_name(key)
    assert name.strip("-") == name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert 1 <= len(name) <= 45
    assert name not in {"con", "prn", "aux", "nul", "lpt1"}


def test_collections_whose_names_fall_together_get_different_files():
    alike = [
        collection([{"id": 1}], key=key, source=source)
        for source in ("s", "S")
        for key in ("A b", "a-b", "a b")
    ]
    paths = list(collection_paths(answer(*alike)).values())
    assert len(set(paths)) == len(paths) == 6
