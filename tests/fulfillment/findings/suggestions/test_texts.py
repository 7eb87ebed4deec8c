"""Other people's identifiers in free text, and what only looks like one."""

import pytest

from fulfillment.findings.suggestions.names import names_in
from fulfillment.findings.suggestions.texts import identifiers_in, names_beside


def _all(text: str) -> list[str]:
    found = list(identifiers_in(text, "DE"))
    found += [name for each in found for name in names_beside(text, each.start, each.end)]
    found += list(names_in(text))
    return sorted({text[each.start : each.end] for each in found})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Łukasz Nowak (l.nowak@example.net) told me.", ["l.nowak@example.net", "Łukasz Nowak"]),
        ("Write to rui@example.com.", ["rui@example.com"]),
        ("Rui Duarte <rui@example.com>", ["Rui Duarte", "rui@example.com"]),
        ("My husband Rui Duarte is on +351 963 555 027.", ["+351 963 555 027", "Rui Duarte"]),
        ("Call 0151 23456789 please", ["0151 23456789"]),
        ("tel. 151 23456789", ["151 23456789"]),
        ("to DE89 3704 0044 0532 0130 00 THANKS", ["DE89 3704 0044 0532 0130 00"]),
        ("GB82WEST12345698765432", ["GB82WEST12345698765432"]),
        ("Spoke with Ana Maria da Silva as well.", ["Ana Maria da Silva"]),
        ("Herr Jonas Müller-Groß rief an", ["Jonas Müller-Groß"]),
    ],
)
def test_it_is_found(text: str, found: list[str]) -> None:
    assert _all(text) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 01",
        "order 20240315-77 of 2026-03-04 12:33",
        "2026-03-04T12:33:07.123456+02:00",
        "version 0.12.334.5 on 010.002.003.004",
        "b2f1c8de-0123-4567-89ab-000123456789",
        "invoice 0000012345678901234567",
        "total 0,15 / 01234",
        "I asked. The Team said no",
        "I asked for the Warehouse Module",
        "Thanks To You All",
        "see https://example.com/0301234567/x and a@b",
        "",
    ],
)
def test_it_is_nobody(text: str) -> None:
    assert _all(text) == []
