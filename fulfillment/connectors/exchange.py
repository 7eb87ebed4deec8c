"""One call to a web API, what came back, and the ways in which nothing did."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from fulfillment.connectors.errors import Undecided
from fulfillment.connectors.rows import parse_json


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call. It may name a person or hold a secret: no text of it shows what."""

    method: str
    url: httpx.URL = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)

    def with_headers(self, **headers: str) -> "Outgoing":
        """The same call with further headers."""
        return replace(self, headers={**self.headers, **headers})


class Garbled(Undecided):
    """The source answered, and nobody can read what: of a change it may have made, that says nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    name: str

    def json(self) -> Any:
        """Its JSON value. Raises Garbled when it is none."""
        try:
            return parse_json(self.content)
        except (ValueError, RecursionError):
            raise Garbled(f"{self.name} answered something that is not JSON.") from None


class Failed(Exception):
    """One try came to nothing; another may be worth it after a while. `sent` when the source may have acted."""

    def __init__(
        self, sentence: str, *, retry_after: float | None = None, told: bool = False, sent: bool = False
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.told = told
        self.sent = sent


class NotThere(Exception):
    """The API answered 404."""


class Renew(Exception):
    """The credentials were refused, and there are new ones: ask once more."""
