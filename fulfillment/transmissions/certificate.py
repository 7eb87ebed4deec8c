"""What the certificate of a host says of its owner, seen in a handshake that asks for no page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from ssl import cert_time_to_seconds
from typing import Any

from fulfillment.connectors.errors import ConnectorError
from fulfillment.connectors.outbound import certificate_at
from fulfillment.transmissions.endpoint import Endpoint, allowed_hosts

SECONDS = 8.0
MOST_NAMES = 12
LONGEST = 200


@dataclass(frozen=True)
class CertificateFacts:
    """Owner and issuer as the authority wrote them, the names it is for, and its days; or `problem`."""

    owner: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""
    problem: str = ""

    @property
    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def look_at_certificate(endpoint: Endpoint) -> CertificateFacts:
    """What the host shows now; a host that cannot be reached, or is not trusted, is told as a problem."""
    try:
        found = certificate_at(endpoint.url, "The other service", seconds=SECONDS, allowed=allowed_hosts())
    except ConnectorError as refusal:
        return CertificateFacts(problem=refusal.sentence)
    return facts_from(found)


def facts_from(found: Mapping[str, Any]) -> CertificateFacts:
    """The facts of a certificate as `ssl` reads it."""
    names = [str(value) for kind, value in found.get("subjectAltName", ()) if kind == "DNS"]
    return CertificateFacts(
        owner=_named(found.get("subject", ()), "organizationName"),
        issuer=_named(found.get("issuer", ()), "organizationName", "commonName"),
        names=tuple(each[:LONGEST] for each in names[:MOST_NAMES]),
        valid_from=_day(found.get("notBefore", "")),
        valid_until=_day(found.get("notAfter", "")),
    )


def _named(parts: Any, *wanted: str) -> str:
    known = {key: str(value) for part in parts for key, value in part}
    return next((known[key][:LONGEST] for key in wanted if known.get(key)), "")


def _day(text: str) -> str:
    return datetime.fromtimestamp(cert_time_to_seconds(text), tz=UTC).date().isoformat() if text else ""
