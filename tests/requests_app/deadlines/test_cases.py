"""Cases as text: every bad one gets a sentence, and the others still get their dates."""

import json

import pytest

from requests_app.deadlines.cases import answer_lines, read_event
from requests_app.errors import BadInput

GOOD = {
    "id": 7,
    "regime": "eu-gdpr",
    "right": "access",
    "measure": "response",
    "received_at": "2026-09-03T10:00:00+02:00",
    "place": "DE-BE",
    "events": [
        {"type": "identity_requested", "at": "2026-09-05T10:00:00+02:00"},
        {"type": "identity_confirmed", "at": "2026-09-09T10:00:00+02:00"},
    ],
}


def answers(*lines: bytes) -> list[dict[str, object]]:
    return [json.loads(answer) for answer in answer_lines(lines)]


def answer(**changes: object) -> dict[str, object]:
    (only,) = answers(json.dumps(GOOD | changes).encode())
    return only


def test_a_case_is_answered_with_its_id_its_date_and_its_steps() -> None:
    found = answer()
    assert (found["id"], found["due"]) == (7, "2026-10-07")
    assert found.keys() == {"id", "due", "steps"}
    assert all(step.keys() == {"rule", "sentence", "cite", "date"} for step in found["steps"])
    assert found["steps"][-1]["date"] == found["due"]


@pytest.mark.parametrize("missing", ["place", "events"])
def test_place_and_events_may_be_missing_or_null(missing: str) -> None:
    without = {key: value for key, value in GOOD.items() if key != missing}
    assert "due" in answers(json.dumps(without).encode())[0]
    assert "due" in answer(**{missing: None})


def test_a_bad_line_does_not_stop_the_good_ones() -> None:
    good = json.dumps(GOOD).encode()
    found = answers(good, b"{", b"\n", good)
    assert [sorted(each) for each in found] == [
        ["due", "id", "steps"],
        ["error", "id"],
        ["due", "id", "steps"],
    ]


@pytest.mark.parametrize(
    "line",
    [b"{", b"\xff\xfe", b"[]", b"7", b'"x"', b"null", b"[" * 100_000, b'{"id": NaN}', b'{"id": 1e999}'],
)
def test_what_is_no_case_gets_a_sentence(line: bytes) -> None:
    (found,) = answers(line)
    assert found["id"] is None
    assert found["error"] in {"This line is not JSON.", "A case is a JSON object."}


def test_a_file_from_another_system_is_read_as_it_is() -> None:
    """A byte order mark, line ends of two characters, keys that we do not know."""
    line = b"\xef\xbb\xbf" + json.dumps(GOOD | {"customer": 1}).encode() + b"\r\n"
    assert [found["due"] for found in answers(line, b"\r\n", line)] == ["2026-10-07", "2026-10-07"]


BAD = [
    ({"regime": None}, "`regime` is missing"),
    ({"regime": "eu\x00gdpr"}, "There is no law"),
    ({"right": 7}, "`right` is missing"),
    ({"measure": None}, "`measure` is missing"),
    ({"measure": ""}, "There is no measure"),
    ({"received_at": "yesterday"}, "ISO 8601"),
    ({"received_at": "2026-09-03T10:00:00"}, "zone"),
    ({"received_at": "2026-09-03"}, "zone"),
    ({"received_at": "2026-02-30T10:00:00Z"}, "ISO 8601"),
    ({"received_at": "9999-12-31T23:00:00Z"}, "1990"),
    ({"received_at": 1788422400}, "`received_at` is missing"),
    ({"place": 49}, "`place` is missing or is not text"),
    ({"place": "Berlin"}, "ISO 3166"),
    ({"place": "DE\n"}, "ISO 3166"),
    ({"events": "none"}, "`events` is a list"),
    ({"events": {}}, "`events` is a list"),
    ({"events": False}, "`events` is a list"),
    ({"events": 0}, "`events` is a list"),
    ({"events": ["extended"]}, "An event is an object"),
    ({"events": [{"type": "extended"}]}, "`at` is missing"),
    ({"events": [{"at": "2026-09-05T10:00:00Z"}]}, "`type` is missing"),
    ({"events": [{"type": "extended", "at": "2026-09-05T10:00:00"}]}, "zone"),
    ({"events": [{"type": "extended", "at": "2026-09-05T10:00:00Z", "until": "soon"}]}, "A day is written"),
]


@pytest.mark.parametrize(("changes", "words"), BAD)
def test_a_case_that_cannot_be_answered_keeps_its_id_and_says_why(
    changes: dict[str, object], words: str
) -> None:
    found = answer(**changes)
    assert found["id"] == 7
    assert words in found["error"]
    assert "due" not in found


def test_an_event_is_written_type_at_time() -> None:
    event = read_event("extended@2026-09-20T09:00:00+02:00@2026-11-20")
    assert (event.type, event.at.isoformat(), str(event.until)) == (
        "extended",
        "2026-09-20T09:00:00+02:00",
        "2026-11-20",
    )


@pytest.mark.parametrize("text", ["", "extended", "extended@", "extended@soon"])
def test_an_event_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_event(text)
