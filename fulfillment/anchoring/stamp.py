"""Have the file of an anchor stamped by a timestamp authority (RFC 3161), and keep what it answers beside the file."""

import httpx
from django.conf import settings
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.connectors.outbound import GuardedTransport
from requests_app.audit.anchors import shelf
from requests_app.audit.anchors.errors import PlaceAway, PlaceRefuses, StatementBroken
from requests_app.audit.anchors.places import Place, register_place
from requests_app.audit.anchors.stamped import stamped_at
from requests_app.audit.anchors.statement import Statement

SECONDS = 20.0
LARGEST = 256 * 1024
_ASKED = "application/timestamp-query"
_ANSWERED = "application/timestamp-reply"


def connect() -> None:
    """Register the place; called once, at start-up."""
    register_place(Place("timestamp", is_configured, leave))


def is_configured() -> bool:
    """Whether the settings name an authority, and what it is trusted by."""
    return bool(settings.TIMESTAMP_URL and settings.TIMESTAMP_CERTIFICATES)


def leave(statement: Statement) -> bytes:
    """Have it stamped; only the hash leaves the house. Raises PlaceAway, PlaceRefuses."""
    query = TimestampRequestBuilder().data(statement.content).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _asked(query.as_bytes())
    try:
        stamped_at(answer, content=statement.content, nonce=query.nonce)
    except StatementBroken as broken:
        # An authority that renews its certificate, or is down behind its own front, may give a good one later.
        raise PlaceAway(broken.sentence) from broken
    shelf.keep(statement)
    shelf.keep(statement, ending=shelf.TIMESTAMP_ENDING, content=answer)
    return answer


def _asked(query: bytes) -> bytes:
    transport = GuardedTransport("the timestamp authority", seconds=SECONDS)
    headers = {"content-type": _ASKED, "accept": _ANSWERED}
    try:
        with (
            httpx.Client(
                transport=transport, timeout=SECONDS, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", settings.TIMESTAMP_URL, content=query, headers=headers) as response,
        ):
            return _content(response)
    except NotConfigured as refused:
        raise PlaceRefuses(str(refused)) from refused
    except httpx.InvalidURL:
        raise PlaceRefuses("The address of TIMESTAMP_URL cannot be used.") from None
    except (Retryable, httpx.TransportError):
        raise PlaceAway("The timestamp authority cannot be reached.") from None


def _content(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise PlaceAway(f"The timestamp authority answered {response.status_code}.")
    content = b""
    for part in response.iter_bytes():
        content += part
        if len(content) > LARGEST:
            raise PlaceAway("The timestamp authority answered with more than a timestamp.")
    return content
