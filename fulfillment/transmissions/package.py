"""What is sent: of a released copy the files that the person may move, as they were published, in a signed list.

The letter and the readable pages stay out. They are written to the person: they say what was withheld and why, and whom
else we told, which is nothing that the person gave us (Article 20(1) GDPR).
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from fulfillment.bundles.base import Heartbeat
from fulfillment.bundles.deflate import new_archive
from fulfillment.bundles.errors import BundleDamaged
from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.window import Window
from requests_app.encryption import manifests
from requests_app.encryption.files import CHUNK, open_sealed
from requests_app.encryption.manifests import PartRecord
from requests_app.encryption.store import current_store

# Records as the sources hold them, and original files: exactly what the copy of a portability request exports.
SENT_FOLDERS = ("data/", "files/")
_OF_A_PART = ("name", "media_type", "size", "sha256")
_OF_THE_COPY = ("bundle", "controller", "law", "made_at", "right", "scope")


def sent_parts(bundle: Bundle) -> list[dict[str, Any]]:
    """The parts of a copy that are sent, as its manifest lists them."""
    return [part for part in bundle.manifest["parts"] if part["name"].startswith(SENT_FOLDERS)]


def sent_bytes(bundle: Bundle) -> int:
    """How much that is, unpacked."""
    return sum(part["size"] for part in sent_parts(bundle))


class Package:
    """One package on its way: iterate `stream`, then read its size and hash."""

    def __init__(self, bundle: Bundle, *, key: UUID, at: datetime, beat: Heartbeat) -> None:
        self._bundle, self._key, self._at, self._beat = bundle, key, at, beat
        self._digest = sha256()
        self.size = 0
        self.parts = sent_parts(bundle)

    @property
    def sha256(self) -> str:
        """SHA-256 of the package so far, in hex."""
        return self._digest.hexdigest()

    def stream(self) -> Iterator[bytes]:
        """The bytes of the zip, the manifest and its signature last. Raises BundleDamaged, SealBroken."""
        for chunk in self._zipped():
            self._digest.update(chunk)
            self.size += len(chunk)
            self._beat()
            yield chunk

    def _zipped(self) -> Iterator[bytes]:
        written = new_archive()
        bundle = self._bundle
        with open_sealed(
            current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key)
        ) as reader:
            for volume in bundle.parts:
                ours = [part for part in self.parts if part.get("volume", volume.number) == volume.number]
                window = io.BufferedReader(Window(reader, first=volume.first, size=volume.size), CHUNK)
                with zipfile.ZipFile(window) as archive:
                    for part in ours:
                        written.add(_checked(archive, part), part["name"])
                        yield from written.all_files()
        said = manifests.canonical(self._manifest())
        written.add(said, manifests.NAME)
        written.add(manifests.signature_file(said), manifests.SIGNATURE_NAME)
        yield from written.finalize()

    def _manifest(self) -> dict[str, Any]:
        """What the copy's own manifest says of these parts; without our reference, which opens the person's pages."""
        own = self._bundle.manifest
        claims = {name: own[name] for name in _OF_THE_COPY if name in own}
        claims |= {
            "profile": "portability",
            "transmission": str(self._key),
            "packed_at": self._at.isoformat(),
        }
        listed = [PartRecord(**{name: part[name] for name in _OF_A_PART}) for part in self.parts]
        return manifests.describe_parts(claims, listed)


def _checked(archive: zipfile.ZipFile, part: dict[str, Any]) -> Iterator[bytes]:
    digest = sha256()
    with archive.open(part["name"]) as content:
        while block := content.read(CHUNK):
            digest.update(block)
            yield block
    if digest.hexdigest() != part["sha256"]:
        raise BundleDamaged("A file of the copy is not as it was published.")
