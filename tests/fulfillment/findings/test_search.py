"""Words are found in any record of a finding, a page at a time, and never longer than a page may take."""

from typing import Any

import pytest
from django.test import Client

from fulfillment.findings.models import Finding
from fulfillment.findings.search import search_finding
from fulfillment.findings.selectors import findings_of
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from tests.desk import signed_in
from tests.factories import rosa
from tests.fulfillment.findings.release.people import in_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _tickets(count: int) -> list[dict[str, Any]]:
    said = {7: 'He said "STRASSE"', 130: "naïve Łódź"}
    return [
        {
            "number": f"T{n}",
            "person_id": 1,
            "text": said.get(n, f"word {n}"),
            "talk": [{"words": f"inner {n}"}] if n == 9 else [],
            "score": n,
            "price": None,
        }
        for n in range(1, count + 1)
    ]


def _finding(asked: SubjectRequest) -> Finding:
    every = (each.finding for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.collection == "tickets")


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ('said "strasse"', [7]),
        ("ŁÓDŹ", [130]),
        ("INNER 9", [9]),
        ("T140", [140]),
        ("nowhere", []),
        ("number", []),
    ],
)
def test_words_are_found_in_values_whatever_their_case(words: str, lines: list[int]) -> None:
    found = search_finding(_finding(in_review(_tickets(150))), words)
    assert ([number for number, _line in found.hits], found.next_line) == (lines, None)


def test_more_than_a_page_is_gone_on_with() -> None:
    finding = _finding(in_review(_tickets(150)))
    lines: list[int] = []
    start: int | None = 1
    while start is not None:
        found = search_finding(finding, "word", from_line=start)
        lines += [number for number, _line in found.hits]
        start = found.next_line
    assert lines == [n for n in range(1, 151) if n not in (7, 130)]


def test_a_search_that_takes_long_stops_and_says_where() -> None:
    finding = _finding(in_review(_tickets(150)))
    found = search_finding(finding, "word", seconds=0)
    assert (len(found.hits), found.next_line) == (1, 2)


def test_the_desk_searches_without_words_in_the_address_or_the_log() -> None:
    asked = in_review(_tickets(60))
    desk: Client = signed_in(rosa())
    address = f"/staff/requests/{asked.reference}/items/{_finding(asked).pk}/search/"
    page = desk.post(address, {"q": "strasse"}).content.decode()
    assert ("Record 7 of 60" in page, "Record 8 of 60" in page) == (True, False)
    entry = AuditEntry.objects.get(event="finding.searched")
    assert "strasse" not in entry.facts
    assert "Look through the records that follow" in desk.post(address, {"q": "word"}).content.decode()
    assert "Enter at least two letters" in desk.post(address, {"q": "x"}).content.decode()
