"""Filling in the blanks of a call: each value stays inside its own segment, parameter or text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.exchange import Outgoing
from fulfillment.datamaps.api_question import BODY_BLANK, Question, Template
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import BLANK

Filling = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Further:
    """What a page adds to a question: parameters of the query and values of the body, by their paths."""

    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Further()


def outgoing(question: Question, filling: Filling, base: httpx.URL, further: Further = NOTHING) -> Outgoing:
    """The call of a question with everything filled in. Raises Fatal for an identifier that fits no address."""
    url = filled_url(question, filling, base, further.query)
    headers = {name: _filled(text, filling) for name, text in question.headers.items()}
    if question.form is not None:
        pairs = {_filled(name, filling): _filled(text, filling) for name, text in question.form.items()}
        headers["content-type"] = "application/x-www-form-urlencoded"
        return Outgoing(question.method, url, headers, urlencode(pairs).encode())
    if question.body is not None or further.body:
        body = filled_body(question.body or {}, filling)
        for path, value in further.body.items():
            put(body, path, value)
        headers["content-type"] = "application/json"
        return Outgoing(question.method, url, headers, json.dumps(body, ensure_ascii=False).encode())
    return Outgoing(question.method, url, headers)


def filled_url(
    question: Question, filling: Filling, base: httpx.URL, further: Mapping[str, str]
) -> httpx.URL:
    """The address with everything filled in."""
    query: list[tuple[str, str | int | float | bool | None]] = [
        (name, _filled(text, filling))
        for name, given in question.query.items()
        if name not in further
        for text in ([given] if isinstance(given, str) else given)
    ]
    query += further.items()
    return filled_path(question.path, filling, base).copy_with(params=query or None)


def filled_path(path: str, filling: Filling, base: httpx.URL) -> httpx.URL:
    """A path below the API's address, its blanks filled in."""
    filled = BLANK.sub(lambda found: _segment(filling[found[1]]), path)
    return httpx.URL(str(base).rstrip("/") + filled)


def filled_body(template: Template, filling: Filling) -> dict[str, Any]:
    """A copy of a body's template with its blanks filled in; they stay texts."""
    filled: dict[str, Any] = _filled_value(template, filling)
    return filled


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Write a value into a body, at a path with dots."""
    *above, last = path.split(".")
    for part in above:
        body = body.setdefault(part, {})
    body[last] = value


def _filled_value(value: Any, filling: Filling) -> Any:
    if isinstance(value, str):
        return BODY_BLANK.sub(lambda found: filling[found[1]], value)
    if isinstance(value, dict):
        return {_filled_value(name, filling): _filled_value(each, filling) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled_value(each, filling) for each in value]
    return value


def _filled(text: str, filling: Filling) -> str:
    return BLANK.sub(lambda found: filling[found[1]], text)


def _segment(value: str) -> str:
    if value in {"", ".", ".."}:
        raise Fatal("A record has an identifier that cannot stand in an address.")
    return quote(value, safe="")


def fillings(
    blanks: Sequence[str], known: Mapping[str, Sequence[Filling]], data_map: DataMap
) -> Iterator[Filling]:
    """Every way to fill the blanks; `known` holds, per owner, what may be filled in."""
    owners = dict.fromkeys(owner_of(name, data_map) for name in blanks)
    for combined in product(*(known.get(owner, ()) for owner in owners)):
        yield {name: value for each in combined for name, value in each.items()}


def owner_of(blank: str, data_map: DataMap) -> str:
    """Whose values a blank takes: a collection's, the settings', or those of its own kind of identity."""
    if blank.startswith("identity."):
        return blank
    if blank.startswith("settings."):
        return "settings"
    found = data_map.find_field(blank)
    return found[0].name if found else ""
