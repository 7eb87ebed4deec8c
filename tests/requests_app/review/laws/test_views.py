"""The law pages: nothing that a law file says is missing from its page, and what is doubtful is listed."""

import html
import re
from collections.abc import Iterator
from datetime import date
from enum import Enum

import pytest
from django.test import Client
from pydantic import BaseModel

from requests_app.jurisdictions.coming import coming_laws
from requests_app.jurisdictions.load import jurisdiction, jurisdictions_for, regimes
from requests_app.jurisdictions.periods import Period
from requests_app.jurisdictions.sources import Check
from requests_app.jurisdictions.vocabulary import (
    Basis,
    Effect,
    ExtensionKind,
    LastDayRule,
    OwnTerm,
    RightCode,
    Status,
    Unit,
    Weekday,
)
from requests_app.review.laws import words
from requests_app.review.laws.doubts import all_checked
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import rosa, staff

pytestmark = pytest.mark.django_db
TABLES = {
    Basis: words.BASES,
    Effect: words.EFFECTS,
    ExtensionKind: words.EXTENSIONS,
    LastDayRule: words.LAST_DAYS,
    OwnTerm: words.TERMS,
    Status: words.STATUSES,
    Weekday: words.WEEKDAYS,
}


@pytest.fixture
def desk() -> Client:
    return signed_in(rosa())


def text_of(page: bytes) -> str:
    """What a reader sees, with the addresses of links, in single spaces."""
    bare = re.sub(r"<svg.*?</svg>", " ", page.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split()).lower()


def leaves(part: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a law with its path."""
    if isinstance(part, Check):
        yield f"{path}.where", part.where
    elif isinstance(part, BaseModel):
        for name, value in part:
            yield from leaves(value, f"{path}.{name}")
    elif isinstance(part, dict):
        for name, value in part.items():
            yield f"{path}.{name}", name
            yield from leaves(value, f"{path}.{name}")
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from leaves(value, f"{path}[{index}]")
    elif part is not None and part != "":
        yield path, part


def periods(part: object) -> Iterator[Period]:
    """Every period of a law."""
    if isinstance(part, Period):
        yield part
    elif isinstance(part, BaseModel):
        yield from (found for _, value in part for found in periods(value))
    elif isinstance(part, dict | tuple):
        below = part.values() if isinstance(part, dict) else part
        yield from (found for value in below for found in periods(value))


def said(value: object) -> str | None:
    """How a page says a value; nothing for flags, which have sentences of their own."""
    if value in (False, True, 0):
        return None
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Unit):
        return value.value.replace("_", " ").removesuffix("s")
    if isinstance(value, RightCode):
        return words.right_name(value)
    if isinstance(value, Enum):
        return str(TABLES[type(value)][value])  # type: ignore[index]
    return " ".join(str(value).split())


@pytest.mark.parametrize("key", regimes())
def test_every_value_of_a_law_stands_on_its_page(desk: Client, key: str) -> None:
    law = jurisdiction(key)
    page = text_of(desk.get(f"/staff/laws/{key}/").content)
    missing = [
        (path, value)
        for path, value in leaves(law)
        if (wanted := said(value)) is not None and wanted.lower() not in page
    ]
    assert missing == []
    assert [each for each in periods(law) if words.length(each.number, each.unit) not in page] == []


def test_the_words_for_codes_are_complete() -> None:
    for codes, table in TABLES.items():
        assert set(table) == set(codes)
    assert all(words.right_name(code) for code in RightCode)


def test_the_list_names_every_law_and_those_to_come(desk: Client) -> None:
    page = text_of(desk.get("/staff/laws/").content)
    for key in regimes():
        assert jurisdiction(key).name.lower() in page
    for coming in coming_laws():
        assert coming.name.lower() in page
        assert words.day(coming.since).lower() in page


@pytest.mark.parametrize("coming", coming_laws(), ids=lambda law: law.key)
def test_a_law_to_come_is_used_for_nothing(coming: object) -> None:
    for on in (date(2026, 11, 3), date(2026, 12, 31), date(2029, 1, 1)):
        assert [law.key for law in jurisdictions_for(coming.place, "access", on)] == ["default"]  # type: ignore[attr-defined]


def test_counsel_finds_every_unread_figure_in_one_list(desk: Client) -> None:
    page = desk.get("/staff/laws/doubts/").content
    found = all_checked("en")
    total = sum(len(each.unverified) for each in found)
    assert f"{total} statements" in page.decode()
    strict_and_open = sum(fact.is_doubtful for each in found for fact in each.strict)
    strict = sum(len(each.strict) for each in found)
    assert page.count(b"#") - page.count(b"&#") >= total + strict - strict_and_open
    # California's business days are read strictly, and its automated decisions were not read.
    california = next(each for each in found if each.law.key == "us-ca")
    assert "business-days" in {fact.key for fact in california.strict}
    assert "right-automated_decision" in {fact.key for fact in california.unverified}
    assert "right-access" not in {fact.key for fact in california.unverified}


def test_links_to_sources_tell_the_other_side_nothing(desk: Client) -> None:
    page = desk.get("/staff/laws/eu-gdpr/").content.decode()
    outside = re.findall(r'<a href="https?://[^>]*>', page)
    assert len(outside) > 20
    assert all('rel="noopener noreferrer"' in link for link in outside)


def test_the_pages_are_for_those_who_see_cases(desk: Client) -> None:
    assert b'href="/staff/laws/"' in desk.get("/staff/queue/").content
    engineer = signed_in(staff("Otto", Role.SOURCE_OWNER))
    for address in ("/staff/laws/", "/staff/laws/eu-gdpr/", "/staff/laws/doubts/"):
        assert engineer.get(address).status_code == 403
    assert desk.get("/staff/laws/atlantis/").status_code == 404
