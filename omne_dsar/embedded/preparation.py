"""Whether the database and the demo company still fit the code: then a second start need not look again."""

import hashlib
import os
from pathlib import Path

from omne_dsar.demo.wren import places
from omne_dsar.embedded.programs import BASE

_FOLDERS = ("requests_app/migrations", "fulfillment/migrations", "omne_dsar/demo")
_ADDRESSES = (
    "DATABASE_URL",
    "WEB_PORT",
    "DESK_PORT",
    "SMTP_PORT",
    "MAILBOX_PORT",
    "PUBLIC_URL",
    places.ADDRESS,
)


def is_done(var: Path) -> bool:
    """Say whether the last preparation was made by this code for these addresses."""
    try:
        return _note(var).read_text(encoding="utf-8") == _fingerprint()
    except OSError:
        return False


def note_done(var: Path) -> None:
    """Remember that everything is prepared."""
    _note(var).write_text(_fingerprint(), encoding="utf-8")


def _note(var: Path) -> Path:
    return var / "demo" / "prepared"


def _fingerprint() -> str:
    """Return a digest of the migrations, of everything about the demo company, and of the addresses."""
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((BASE / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(BASE).as_posix().encode() + b"\0" + path.read_bytes())
    for name in _ADDRESSES:
        digest.update(f"{name}={os.environ.get(name, '')}\0".encode())
    return digest.hexdigest()
