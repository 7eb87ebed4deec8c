"""An entry of the ledger: what was erased where, by keyed hashes of what the person was known by, chained to the last.

The hashes say nothing without `LEDGER_KEY`, and with it only together with a source that holds the person again: its
identities are hashed one by one and compared. A source whose identities cannot be gone through, such as a web API,
could never be erased in again that way: for these alone the identities are sealed with the same key. Both end when
the oldest backup does (`LEDGER_DAYS`): Article 5(1)(e) and 17 GDPR.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from fulfillment.ledger.errors import LedgerBroken
from requests_app.encryption.keys import NONCE_BYTES, secret_key

BEGINNING = "0" * 64


class EntryKind(StrEnum):
    """What an entry tells: that something was erased, or that a released copy may be fetched no more."""

    ERASURE = "erasure"
    COPY_ENDED = "copy_ended"


class KeptThere(BaseModel):
    """A collection that stayed, or with a `sealed` key one record of it, and why and until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    why: str
    until: date | None = None
    sealed: str = ""

    @model_serializer(mode="wrap")
    def _as_it_was_chained(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Entries of a time that knew whole collections only keep their hash."""
        said: dict[str, Any] = dump(self)
        return {name: value for name, value in said.items() if value or name in ("name", "why")}


class Written(BaseModel):
    """What is to be written: `key` names it once and for all, whoever writes it how often.

    Of a change that stopped half way for good, `part` has sealed what the connector named as final: no more was done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: EntryKind
    key: str
    at: datetime
    reference: str
    source: str = ""
    map_sha256: str = ""
    ordered_at: datetime | None = None
    collections: tuple[str, ...] = ()
    kept: tuple[KeptThere, ...] = ()
    identities: dict[str, tuple[str, ...]] = {}
    sealed: str = ""
    by_hand: bool = False
    rows: int = 0
    part: str = ""

    @model_serializer(mode="wrap")
    def _as_it_was_chained(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Entries of a time that knew whole erasures only keep their hash."""
        said: dict[str, Any] = dump(self)
        return {name: value for name, value in said.items() if value or name != "part"}


class LedgerEntry(Written):
    """The same with its place in the chain."""

    number: int
    previous: str
    hash: str = ""

    def content(self) -> bytes:
        """The bytes of its file."""
        return _canonical(self.model_dump(mode="json"))

    def expected_hash(self, master: bytes | None = None) -> str:
        """What its hash is to be: keyed, so that nobody without the key can write the chain anew."""
        said = self.model_dump(mode="json", exclude={"hash"})
        return hmac.new(_key("chain", master), _canonical(said), hashlib.sha256).hexdigest()

    @property
    def written_under(self) -> int | None:
        """Which key of `ledger_keys` its hash is of, 0 for the one that is in use; None for none of them."""
        return _place(self.hash, map(self.expected_hash, ledger_keys()))

    def chained(self) -> "LedgerEntry":
        """The same with its hash."""
        return self.model_copy(update={"hash": self.expected_hash()})


def ledger_keys() -> tuple[bytes, ...]:
    """The key in use, then those before it, with which entries that are still needed were written."""
    return (secret_key("LEDGER_KEY"), *settings.LEDGER_OLD_KEYS.values())


def identity_hash(kind: str, folded: str, master: bytes | None = None) -> str:
    """The keyed hash of an identity in the form in which identities are compared."""
    return hmac.new(_key("identity", master), f"{kind}\0{folded}".encode(), hashlib.sha256).hexdigest()


def identity_hashes(kind: str, folded: str) -> tuple[str, ...]:
    """The hashes of an identity under every key: which one an entry was written with, the entry does not say."""
    return tuple(identity_hash(kind, folded, master) for master in ledger_keys())


def sealed_identities(identities: Iterable[tuple[str, str]], *, key: str) -> str:
    """Identities, or other pairs of words, sealed for the entry of this key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = _canonical([list(each) for each in identities])
    return base64.b64encode(nonce + AESGCM(_key("seal")).encrypt(nonce, plain, key.encode())).decode()


def opened_identities(sealed: str, *, key: str) -> list[tuple[str, str]]:
    """What `sealed_identities` sealed. Raises LedgerBroken."""
    held = base64.b64decode(sealed)
    for master in ledger_keys():
        with suppress(InvalidTag):
            opened = AESGCM(_key("seal", master))
            plain = opened.decrypt(held[:NONCE_BYTES], held[NONCE_BYTES:], key.encode())
            return [(kind, value) for kind, value in json.loads(plain)]
    raise LedgerBroken(
        "An entry of the ledger does not open: it was written with a key that is neither LEDGER_KEY nor among "
        "LEDGER_OLD_KEYS."
    )


def signature(text: str, master: bytes | None = None) -> str:
    """A keyed hash of a line beside the entries, such as where they begin."""
    return hmac.new(_key("line", master), text.encode(), hashlib.sha256).hexdigest()


def is_signed(text: str, held: str) -> bool:
    """Whether a line bears a hash of one of our keys."""
    return _place(held, (signature(text, master) for master in ledger_keys())) is not None


def _place(held: str, hashes: Iterable[str]) -> int | None:
    return next((at for at, each in enumerate(hashes) if hmac.compare_digest(held, each)), None)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _key(purpose: str, master: bytes | None = None) -> bytes:
    """A key of its own for each use; of the key in use where no other is given."""
    master = master or secret_key("LEDGER_KEY")
    return hmac.new(master, f"ledger\0{purpose}".encode(), hashlib.sha256).digest()
