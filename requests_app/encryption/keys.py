"""The key ring: which master keys this installation holds, which one seals, and how keys are wrapped.

`FIELD_KEYS` is "id:base64,id2:base64": the first key seals, every key opens. To rotate, add a new key at the end
everywhere, then put it first and run `rotate_keys`; a key leaves the ring only when nothing is sealed with it any more.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from requests_app.encryption.errors import KeyMissing, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = 1
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The master keys by id; `active_id` is the one that seals."""

    active_id: str
    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"<KeyRing {', '.join(self.keys)}; sealing with {self.active_id}>"

    def key(self, key_id: str) -> bytes:
        """The key with that id, or KeyMissing."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise KeyMissing(
                f"The key “{key_id}” is not in FIELD_KEYS: put it back behind the active key, "
                "what was sealed with it cannot be read otherwise."
            ) from None


def current_keys() -> KeyRing:
    """The key ring of the settings in force."""
    keys: Mapping[str, bytes] = getattr(settings, "FIELD_KEYS", {})
    if not keys:
        raise KeyMissing("FIELD_KEYS is empty: set it to “id:base64”, with 32 random bytes in base64.")
    if not all(_KEY_ID.fullmatch(key_id) and len(key) == KEY_BYTES for key_id, key in keys.items()):
        # Never the value itself: this sentence reaches logs.
        raise KeyMissing("FIELD_KEYS needs ids of letters, digits, . _ or - and keys of 32 random bytes.")
    return KeyRing(active_id=next(iter(keys)), keys=keys)


def secret_key(name: str) -> bytes:
    """The 32 bytes of a single-key setting (BLIND_INDEX_KEY, CODE_KEY, SIGNING_KEY)."""
    key: bytes = getattr(settings, name, b"")
    if len(key) != KEY_BYTES:
        raise KeyMissing(f"{name} must hold 32 random bytes in base64.")
    return key


def seal(plaintext: bytes, *, context: str) -> bytes:
    """Seal bytes with the active key; they open only with the same context (AES-256-GCM, context as AAD)."""
    ring = current_keys()
    key_id = ring.active_id.encode("ascii")
    header = bytes([FORMAT, len(key_id)]) + key_id
    nonce = secrets.token_bytes(NONCE_BYTES)
    return (
        header + nonce + AESGCM(ring.key(ring.active_id)).encrypt(nonce, plaintext, header + context.encode())
    )


def unseal(sealed: bytes, *, context: str) -> bytes:
    """Open what `seal` made; SealBroken when bytes or context differ, KeyMissing when the key is gone."""
    header, nonce, body = _split(sealed)
    key = current_keys().key(header[2:].decode("ascii"))
    try:
        return AESGCM(key).decrypt(nonce, body, header + context.encode())
    except InvalidTag:
        raise SealBroken(
            "Sealed data does not open: it was changed, or copied here from another row, column or file. "
            "Restore it from a backup."
        ) from None


def sealing_key_id(sealed: bytes) -> str:
    """The id of the master key that sealed these bytes (for rotation)."""
    return _split(sealed)[0][2:].decode("ascii")


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    end = 2 + sealed[1] if len(sealed) > 2 else 0
    if (
        not end
        or sealed[0] != FORMAT
        or len(sealed) < end + NONCE_BYTES
        or not _KEY_ID.fullmatch(sealed[2:end].decode("latin-1"))
    ):
        raise SealBroken("Sealed data is not in a form this version knows. Restore it from a backup.")
    return sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
