"""What Wren Notes holds: the offers it took, the copies that arrived whole, and the receipts it gave."""

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Shelf:
    """One folder: `KEY.offer`, `KEY.zip` once it is whole, and `KEY.receipt`."""

    def __init__(self, folder: Path, signs: Ed25519PrivateKey) -> None:
        self._folder, self._signs = folder, signs
        folder.mkdir(parents=True, exist_ok=True)

    def note_offer(self, key: str, offer: dict[str, Any]) -> None:
        """Write down what was promised. Raises ValueError for what is no key of a sending."""
        if not _KEY.fullmatch(key):
            raise ValueError
        self._write(key, "offer", offer)

    def offered(self, key: str) -> dict[str, Any] | None:
        """What was promised under that key."""
        return self._read(key, "offer")

    def receipt(self, key: str) -> dict[str, Any] | None:
        """The receipt given for that key, with its signature."""
        return self._read(key, "receipt")

    def draft(self, key: str) -> Path:
        """Where what arrives is written until it is whole."""
        return self._folder / f"{key}.part"

    def keep(self, key: str, *, sha256: str, size: int) -> dict[str, Any]:
        """What arrived is whole: put it on the shelf, and sign for it."""
        self.draft(key).replace(self._folder / f"{key}.zip")
        said = {"transmission": key, "sha256": sha256, "size": size, "received_at": _now()}
        signed = {"receipt": said, "signature": self._signature(said)}
        self._write(key, "receipt", signed)
        return signed

    def _signature(self, said: dict[str, Any]) -> str:
        return base64.b64encode(self._signs.sign(rfc8785.dumps(said))).decode()

    def _write(self, key: str, kind: str, said: dict[str, Any]) -> None:
        draft = self._folder / f"{key}.{kind}.draft"
        draft.write_text(json.dumps(said), encoding="utf-8")
        draft.replace(self._folder / f"{key}.{kind}")

    def _read(self, key: str, kind: str) -> dict[str, Any] | None:
        path = self._folder / f"{key}.{kind}"
        if not _KEY.fullmatch(key) or not path.exists():
            return None
        return dict(json.loads(path.read_text(encoding="utf-8")))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
