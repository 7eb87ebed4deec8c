"""What is anchored: where the chain stood at a moment, in canonical JSON (RFC 8785), signed. No personal data."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import rfc8785
from django.conf import settings

from requests_app.audit.anchors.errors import StatementBroken
from requests_app.encryption.signing import PublicKey, own_public_key, published_keys, sign

FORMAT, VERSION = "omne-dsar/audit-anchor", 1


class Kind(StrEnum):
    """Why a statement was made."""

    DAILY = "daily"
    RESTORE = "restore"
    EXPORT = "export"


@dataclass(frozen=True)
class Position:
    """A place in the chain: how many entries there are up to it, the hash of the last, and the root over all."""

    position: int
    hash: str
    root: str


@dataclass(frozen=True)
class Statement:
    """A statement that was read and whose signature is ours. `let_go` names others that hold no more, by digest."""

    kind: Kind
    at: datetime
    stood: Position
    let_go: tuple[str, ...]
    installation: str
    key_id: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, by which other statements and the log name it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """What its file is called wherever it lies; nothing that is written later has the same name."""
        return f"{self.at:%Y%m%dT%H%M%SZ}-{self.kind}-{self.stood.position:012d}-{self.digest[:16]}.json"


def make_statement(kind: Kind, stood: Position, *, at: datetime, let_go: tuple[str, ...] = ()) -> Statement:
    """State, and sign, where the chain stands."""
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind.value,
        "installation": settings.PUBLIC_HOST,
        "at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "position": stood.position,
        "hash": stood.hash,
        "root": stood.root,
        "let_go": list(let_go),
        "signed_by": {"algorithm": "Ed25519", "key_id": own_public_key().key_id},
    }
    signature = base64.b64encode(sign(rfc8785.dumps(said))).decode()
    return read_statement(rfc8785.dumps({"signature": signature, "statement": said}))


def read_statement(content: bytes, *, keys: Iterable[PublicKey] | None = None) -> Statement:
    """Read a statement and check its signature by our keys, the old ones too, or by others. Raises StatementBroken."""
    try:
        outer = json.loads(content)
        said, signature = outer["statement"], base64.b64decode(outer["signature"], validate=True)
        statement, canonical = _read(said, content), rfc8785.dumps(outer)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise StatementBroken("This is not an anchor of the audit log.") from None
    if canonical != content:
        raise StatementBroken("The file of an anchor was changed.")
    keys = published_keys() if keys is None else keys
    known = {key.key_id: key for key in keys}.get(statement.key_id)
    if known is None:
        raise StatementBroken(
            f"An anchor was signed with the key {statement.key_id}, which is neither ours nor among "
            "SIGNING_OLD_PUBLIC_KEYS."
        )
    if not known.has_signed(rfc8785.dumps(said), signature):
        raise StatementBroken("The signature of an anchor does not fit what it says.")
    return statement


def _read(said: dict[str, Any], content: bytes) -> Statement:
    if said["format"] != FORMAT or said["version"] != VERSION:
        raise ValueError("another format")
    return Statement(
        kind=Kind(said["kind"]),
        at=datetime.fromisoformat(said["at"]),
        stood=Position(int(said["position"]), str(said["hash"]), str(said["root"])),
        let_go=tuple(str(each) for each in said["let_go"]),
        installation=str(said["installation"]),
        key_id=str(said["signed_by"]["key_id"]),
        content=content,
    )
