"""The manifest: every part with its size and hash, in canonical JSON (RFC 8785), signed. No personal data."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import rfc8785

from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.signing import PublicKey, own_public_key, sign

NAME, SIGNATURE_NAME = "manifest.json", "manifest.sig"
FORMAT = "omne-dsar/manifest"
VERSION = 1


@dataclass(frozen=True, slots=True)
class PartRecord:
    """What the manifest says of one part."""

    name: str
    media_type: str
    size: int
    sha256: str


def describe(contents: BundleInput, parts: list[PartRecord]) -> dict[str, Any]:
    """The manifest as a value."""
    key = own_public_key()
    return {
        "format": FORMAT,
        "version": VERSION,
        "reference": contents.reference,
        "bundle": str(contents.bundle_id),
        "number": contents.number,
        "made_at": contents.made_at.isoformat(),
        "controller": contents.company.controller,
        "law": contents.regime_key,
        "policy_version": contents.policy_version,
        "right": contents.right,
        "scope": contents.scope,
        "record_count": contents.row_count,
        "signed_by": {"algorithm": "Ed25519", "key_id": key.key_id, "public_key": key.text},
        "parts": [
            {"name": part.name, "media_type": part.media_type, "size": part.size, "sha256": part.sha256}
            for part in sorted(parts, key=lambda part: part.name)
        ],
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
