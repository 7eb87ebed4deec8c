"""Files of records that a person hands in: what fits is taken, and what does not is named by its row."""

import json

import pytest

from fulfillment.connectors.handed import HandedRefused, handed_records
from fulfillment.connectors.query import Identity
from fulfillment.datamaps.read import load_map
from tests.archive import ARCHIVE_MAP

FOLDERS = load_map(ARCHIVE_MAP).collection("folders")
ADA = (Identity("email", "ada@example.org"),)
CSV = b"number,email,about\n7,Ada@Example.org,Contract\n8,ada@example.org,Letters\n"


def rows(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in handed_records(content, FOLDERS, identities=ADA).lines]


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        b"\xef\xbb\xbf" + CSV.replace(b",", b";"),
        CSV.replace(b",", b"\t").replace(b"\n", b"\r\n"),
        b'[{"number": 7, "email": "Ada@Example.org", "about": "Contract"},'
        b' {"about": "Letters", "number": 8, "email": "ada@example.org"}]',
        b'{"number": 7, "email": "Ada@Example.org", "about": "Contract"}\n\n'
        b'{"number": 8, "email": "ada@example.org", "about": "Letters"}\n',
    ],
)
def test_the_same_records_come_out_of_every_way_of_writing_them(content: bytes) -> None:
    assert rows(content) == [
        {"number": 7, "email": "Ada@Example.org", "about": "Contract"},
        {"number": 8, "email": "ada@example.org", "about": "Letters"},
    ]


def test_one_object_over_several_lines_is_one_record() -> None:
    assert len(rows(b'{\n "number": 7,\n "email": "ada@example.org",\n "about": "x"\n}\n')) == 1


def test_a_record_comes_once_and_what_the_map_does_not_mention_is_named() -> None:
    found = handed_records(
        b"number,email,about,shelf\n7,ada@example.org,x,A3\n7,ada@example.org,x,A3\n", FOLDERS, identities=ADA
    )
    assert len(found.lines) == 1
    assert b"A3" not in found.lines[0]
    assert found.unmapped == ("shelf",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"number,about\n7,x\n", r"The column email is missing\. .*: number, email, about"),
        (CSV + b"nine,ada@example.org,x\n", r"Row 3: number is to be a whole number"),
        (CSV + b"9,ada@example.org\n", r"Row 3 has more or fewer cells"),
        (CSV + b'9,ada@example.org,"x" y\n', r"Row 3 cannot be read as CSV"),
        (CSV + b"9,joan@example.org,x\n", r"Row 3: .Email. is somebody else's"),
        (b'[{"number": "7", "email": "ada@example.org", "about": "x"}]', r"Row 1: number is to be a whole"),
        (b'[{"number": 7, "email": "ada@example.org"}]', r"Row 1: the field about is missing"),
        (b"[7]", r"Row 1 is no record"),
        (b'[{"number": 7', r"begins like JSON, but is none"),
        (b'{"number": 7, "email": "ada@example.org", "about": "x"}\n{"number"', r"Row 2 is no JSON object"),
        (b"PK\x03\x04\xff\xfe spreadsheet", r"not UTF-8 text"),
        (b"number\0", r"not plain text"),
        (b" \n", r"is empty"),
    ],
)
def test_what_does_not_fit_is_refused_with_row_and_reason(content: bytes, sentence: str) -> None:
    with pytest.raises(HandedRefused, match=sentence) as refused:
        rows(content)
    assert "example.org" not in str(refused.value)


def test_every_row_that_does_not_fit_is_named_at_once() -> None:
    content = CSV + b"nine,ada@example.org,x\n10,ada@example.org,x\n11,joan@example.org,x\n12,x\n"
    with pytest.raises(HandedRefused) as refused:
        rows(content)
    assert refused.value.sentences == (
        "Row 3: number is to be a whole number.",
        "Row 5: “Email” is somebody else's. Take the rows of other people out of the file.",
        "Row 6 has more or fewer cells than the first line has columns.",
    )
    assert str(refused.value) == " ".join(refused.value.sentences)


@pytest.mark.parametrize(
    ("bad", "last"), [(11, "1 more row does not fit."), (1234, "1,224 more rows do not fit.")]
)
def test_ten_rows_are_named_and_the_others_counted(bad: int, last: str) -> None:
    lines = b"".join(b'{"number": "x", "email": "ada@example.org", "about": "x"}\n' for _ in range(bad))
    with pytest.raises(HandedRefused) as refused:
        rows(b'{"number": 7, "email": "ada@example.org", "about": "x"}\n' + lines)
    named = refused.value.sentences
    assert [each.split(":")[0] for each in named[:-1]] == [f"Row {number}" for number in range(2, 12)]
    assert named[-1] == last


def test_where_a_file_breaks_off_that_is_said_beside_the_rows_before_it() -> None:
    content = CSV + b'nine,ada@example.org,x\n9,ada@example.org,"x" y\n10,ada@example.org,x\n'
    with pytest.raises(HandedRefused) as refused:
        rows(content)
    assert refused.value.sentences == (
        "Row 3: number is to be a whole number.",
        "Row 4 cannot be read as CSV. Look at its quotation marks.",
        "What comes after it could not be read.",
    )
