"""The installation's signature: an Ed25519 key made of SIGNING_KEY, known by the hash of its public half."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings

from requests_app.encryption.keys import secret_key
from requests_app.errors import BadInput


class NotAPublicKey(BadInput):
    """What was given as a public key is none."""

    code = "not_a_public_key"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures: its 32 bytes, its id, and how it is published."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of its SHA-256."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def pem(self) -> str:
        """The key as a PEM file."""
        return self._key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def text(self) -> str:
        """The key in base64."""
        return base64.b64encode(self.raw).decode()

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the signature over the content was made with this key's other half."""
        try:
            self._key().verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)


def own_public_key() -> PublicKey:
    """The key that this installation signs with."""
    return PublicKey(_private_key().public_key().public_bytes_raw())


def published_keys() -> tuple[PublicKey, ...]:
    """The key in use, then those before it: what was signed with them is still checked. Raises NotAPublicKey."""
    old = (read_public_key(text.encode()) for text in settings.SIGNING_OLD_PUBLIC_KEYS)
    return (own_public_key(), *old)


def published_pem() -> str:
    """All of them as one PEM file, the key in use first."""
    return "".join(key.pem for key in published_keys())


def sign(content: bytes) -> bytes:
    """The installation's signature over some bytes."""
    return _private_key().sign(content)


def read_public_key(content: bytes) -> PublicKey:
    """A public key from a PEM file or from its base64 text. Raises NotAPublicKey."""
    try:
        if b"BEGIN PUBLIC KEY" in content:
            key = load_pem_public_key(content)
            if isinstance(key, Ed25519PublicKey):
                return PublicKey(key.public_bytes_raw())
        raw = base64.b64decode(content.strip(), validate=True)
        return PublicKey(Ed25519PublicKey.from_public_bytes(raw).public_bytes_raw())
    except ValueError:
        raise NotAPublicKey("This is no Ed25519 public key: a PEM file, or 32 bytes in base64.") from None


def read_public_keys(content: bytes) -> tuple[PublicKey, ...]:
    """The keys of a PEM file with one or several, or the one of a base64 text. Raises NotAPublicKey."""
    ending = b"-----END PUBLIC KEY-----"
    parts = [part + ending for part in content.split(ending)[:-1]]
    return tuple(read_public_key(part) for part in parts or [content])


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret_key("SIGNING_KEY"))
