"""Page after page of an API, in each of the ways a map may name, to an end that can be seen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from fulfillment.connectors.api_filling import Further
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.api_paging import (
    CursorPaging,
    LinkPaging,
    NextPaging,
    NoPaging,
    OffsetPaging,
    PagePaging,
    Paging,
)

_NEXT_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_REL_NEXT = re.compile(r""";\s*rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|next\b)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its value, the records in it, and the headers it came with."""

    answer: Any
    found: Sequence[Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to go on: an address, or what is added to the first question; `number` counts pages or records."""

    number: int = 0
    url: httpx.URL | None = None
    further: Further = field(default_factory=Further)


class Leaving(Exception):
    """The next page lies elsewhere than the API."""


class NoEnd(Exception):
    """A page whose end cannot be trusted; the text says what is wrong with it."""


def first_spot(paging: Paging) -> Spot:
    """Where a collection begins."""
    if isinstance(paging, PagePaging):
        return _numbered(paging, paging.first)
    if isinstance(paging, OffsetPaging):
        return _numbered(paging, 0)
    if isinstance(paging, CursorPaging):
        return Spot(further=_sized(paging))
    return Spot()


def next_spot(paging: Paging, spot: Spot, page: Page, base: httpx.URL) -> Spot | None:
    """Where the page after this one is, or None at the end. Raises Leaving and NoEnd."""
    match paging:
        case NoPaging():
            if paging.more is not None and value_at(page.answer, paging.more):
                raise NoEnd("a part only")
            return None
        case PagePaging():
            return _numbered(paging, spot.number + 1) if _goes_on(paging, page) else None
        case OffsetPaging():
            return _numbered(paging, spot.number + len(page.found)) if _goes_on(paging, page) else None
        case CursorPaging():
            return _after(paging, page)
        case NextPaging():
            ended = paging.more is not None and not value_at(page.answer, paging.more)
            following = None if ended else value_at(page.answer, paging.next)
        case LinkPaging():
            following = _linked(page.headers.get("link", ""))
    return Spot(url=inside(base, str(following))) if following else None


def inside(base: httpx.URL, address: str) -> httpx.URL:
    """An address that the API has named, if it is one of its own. Raises Leaving."""
    try:
        url = base.join(address)
    except httpx.InvalidURL:
        raise Leaving from None
    own = (base.scheme, base.host, base.port)
    if (url.scheme, url.host, url.port) != own or url.userinfo or not _below(base.path, url.path):
        raise Leaving
    return url.copy_with(fragment=None)


def _below(base: str, path: str) -> bool:
    """Whether a path lies below the API's own; another customer may live beside it on one host."""
    return f"{path}/".startswith(base.rstrip("/") + "/") and ".." not in path.split("/")


def _linked(header: str) -> str | None:
    """The target of a Link header with rel="next" (RFC 8288)."""
    for target, parameters in _NEXT_LINK.findall(header):
        if _REL_NEXT.search(parameters):
            return str(target).strip()
    return None


def _goes_on(paging: PagePaging | OffsetPaging, page: Page) -> bool:
    if paging.more is None:
        return len(page.found) >= (paging.size or 1)
    more = bool(value_at(page.answer, paging.more))
    if more and not page.found:
        raise NoEnd("an empty page, and said that more follow")
    return more


def _after(paging: CursorPaging, page: Page) -> Spot | None:
    if paging.more is not None and not value_at(page.answer, paging.more):
        return None
    if paging.next is not None:
        cursor = value_at(page.answer, paging.next)
    elif paging.more is None and len(page.found) < (paging.size or 1):
        return None
    else:
        cursor = value_at(page.found[-1], paging.last or "") if page.found else None
    if paging.more is not None and cursor in (None, ""):
        raise NoEnd("a page without its end, and said that more follow")
    return None if cursor in (None, "") else Spot(further=_placed(paging, cursor))


def _numbered(paging: PagePaging | OffsetPaging, number: int) -> Spot:
    return Spot(number, further=_placed(paging, number))


def _placed(paging: PagePaging | OffsetPaging | CursorPaging, value: Any) -> Further:
    sized = _sized(paging)
    if paging.place == "body":
        return Further(body={**sized.body, paging.param: value})
    return Further(query={**sized.query, paging.param: str(value)})


def _sized(paging: PagePaging | OffsetPaging | CursorPaging) -> Further:
    if not paging.size_param or not paging.size:
        return Further()
    if paging.place == "body":
        return Further(body={paging.size_param: paging.size})
    return Further(query={paging.size_param: str(paging.size)})
