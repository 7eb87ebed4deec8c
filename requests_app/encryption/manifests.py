"""A manifest: every part with its size and hash, in canonical JSON (RFC 8785), and the signature file beside it."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rfc8785

from requests_app.encryption.signing import PublicKey, own_public_key, sign

NAME, SIGNATURE_NAME = "manifest.json", "manifest.sig"
FORMAT = "omne-dsar/manifest"
VERSION = 1


@dataclass(frozen=True, slots=True)
class PartRecord:
    """What the manifest says of one part; `volume` is the zip it lies in where there are several."""

    name: str
    media_type: str
    size: int
    sha256: str
    volume: int = 0

    def as_claim(self) -> dict[str, Any]:
        """Its entry in the manifest."""
        claim: dict[str, Any] = {"name": self.name, "media_type": self.media_type}
        claim |= {"size": self.size, "sha256": self.sha256}
        return claim | {"volume": self.volume} if self.volume else claim


def describe_parts(claims: dict[str, Any], parts: Iterable[PartRecord]) -> dict[str, Any]:
    """A manifest as a value: what is claimed of the whole, who signs it, and each part. No personal data."""
    key = own_public_key()
    return {
        "format": FORMAT,
        "version": VERSION,
        **claims,
        "signed_by": {"algorithm": "Ed25519", "key_id": key.key_id, "public_key": key.text},
        "parts": [part.as_claim() for part in sorted(parts, key=lambda part: part.name)],
    }


def canonical(manifest: dict[str, Any]) -> bytes:
    """The one way to write a manifest."""
    return rfc8785.dumps(manifest)


def signature_file(manifest_bytes: bytes) -> bytes:
    """The file beside the manifest: the signature over its bytes, and which key made it."""
    return signature_text(manifest_bytes, sign(manifest_bytes), own_public_key())


def signature_text(manifest_bytes: bytes, signature: bytes, key: PublicKey) -> bytes:
    """The one way to write a signature file."""
    return rfc8785.dumps(
        {
            "algorithm": "Ed25519",
            "key_id": key.key_id,
            "public_key": key.text,
            "manifest_sha256": hashlib.sha256(manifest_bytes).hexdigest(),
            "signature": base64.b64encode(signature).decode(),
        }
    )


def read_json(content: bytes) -> dict[str, Any]:
    """An object from JSON bytes; ValueError when they hold anything else."""
    value = json.loads(content)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value
