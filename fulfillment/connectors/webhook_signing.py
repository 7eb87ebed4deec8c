"""Signatures of Standard Webhooks: HMAC-SHA256 over id, moment and body; several at once while a secret is replaced.

The specification (standardwebhooks.com, version 1) names the three headers, the prefix `whsec_` of a secret in
base64, and the tolerance in time against replays.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
# The specification wants between 24 and 64 bytes.
SHORTEST, LONGEST = 24, 64


def secret_bytes(secret: str) -> bytes:
    """The bytes of a secret such as `whsec_…`. Raises ValueError with a sentence that never shows it."""
    text = secret.strip().removeprefix(PREFIX)
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not SHORTEST <= len(found) <= LONGEST:
        raise ValueError("a signing secret is whsec_ and 24 to 64 bytes in base64")
    return found


def signed_headers(secrets: Iterable[str], *, key: str, body: bytes, at: datetime) -> dict[str, str]:
    """The three headers of a call, with a signature for each secret that holds now."""
    moment = str(int(at.timestamp()))
    signatures = [_signature(secret, key, moment, body) for secret in secrets]
    return {ID: key, TIMESTAMP: moment, SIGNATURE: " ".join(signatures)}


class Verifying:
    """A signature held against a body that comes in parts. Raises ValueError where its headers are no signature."""

    def __init__(self, secrets: Iterable[str], headers: Mapping[str, str], *, at: datetime) -> None:
        key, moment = headers.get(ID, ""), headers.get(TIMESTAMP, "")
        if not key or not (moment.isascii() and moment.isdecimal() and len(moment) <= 12):
            raise ValueError("no signature")
        if abs(at.timestamp() - int(moment)) > TOLERANCE.total_seconds():
            raise ValueError("not of this moment")
        self._given = [each.encode() for each in headers.get(SIGNATURE, "").split()[:16]]
        self._wanted = [hmac.new(secret_bytes(each), f"{key}.{moment}.".encode(), sha256) for each in secrets]

    def update(self, part: bytes) -> None:
        """Take some more of the body."""
        for each in self._wanted:
            each.update(part)

    @property
    def is_good(self) -> bool:
        """Whether one of the secrets signed all of it."""
        wanted = [b"v1," + base64.b64encode(each.digest()) for each in self._wanted]
        return any(hmac.compare_digest(each, right) for each in self._given for right in wanted)


def is_signed(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, *, at: datetime) -> bool:
    """Whether one of the secrets signed this body under its id, at a moment within the tolerance."""
    try:
        verifying = Verifying(secrets, headers, at=at)
    except ValueError:
        return False
    verifying.update(body)
    return verifying.is_good


def _signature(secret: str, key: str, moment: str, body: bytes) -> str:
    said = f"{key}.{moment}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(secret_bytes(secret), said, sha256).digest()).decode()}"
