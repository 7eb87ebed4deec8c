"""Calls signed with the installation's published key: RFC 9421 signatures over RFC 9530 digests."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from requests_app.encryption.keys import secret_key
from requests_app.encryption.signing import own_public_key

TAG, LABEL = "omne-portability", "omne"
HOLDS_FOR = timedelta(minutes=10)
# What says what the call is; all of it that a call carries is signed.
_SAYS = (
    "content-digest",
    "repr-digest",
    "content-length",
    "content-type",
    "idempotency-key",
    "upload-offset",
    "upload-complete",
)


@dataclass
class Call:
    """A call in the few words that are signed; the header names in small letters."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


def signed(call: Call, *, at: datetime) -> Call:
    """The same call with its signature; whatever it carries of what is signed is covered."""
    key = own_public_key()
    private = Ed25519PrivateKey.from_private_bytes(secret_key("SIGNING_KEY"))
    keys = MappingKeyResolver(public_keys={}, private_keys={key.key_id: private})
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=keys).sign(
        call,
        key_id=key.key_id,
        created=at,
        expires=at + HOLDS_FOR,
        label=LABEL,
        tag=TAG,
        covered_component_ids=("@method", "@target-uri", *covered(call.headers)),
        use_existing_digest="content-digest" in call.headers,
    )
    return call


def covered(headers: Mapping[str, str]) -> list[str]:
    """The names of those headers that are signed where they are there."""
    return [name for name in _SAYS if name in headers]


def digest_of(chunks: Iterable[bytes]) -> str:
    """The digest of some content, as the header says it."""
    found = sha256()
    for chunk in chunks:
        found.update(chunk)
    return digest_field(found.digest())


def digest_field(raw: bytes) -> str:
    """A SHA-256 as Content-Digest and Repr-Digest say it."""
    return f"sha-256=:{base64.b64encode(raw).decode()}:"
