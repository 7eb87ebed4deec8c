"""Parts into one zip, as a stream: plain deflate that every system opens, hashed while it passes."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from zipstream import ZipStream

from fulfillment.bundles import manifest
from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.manifest import PartRecord

# A thirtieth larger than the usual 6, in less than half its time.
LEVEL = 4


class Packing:
    """One zip on its way: iterate `stream`, then read what became of it."""

    def __init__(self, contents: BundleInput, formats: list[ExportFormat], *, beat: Heartbeat) -> None:
        self._contents, self._formats, self._beat = contents, formats, beat
        self._digest = hashlib.sha256()
        self.parts: list[PartRecord] = []
        self.manifest: dict[str, Any] = {}
        self.size = 0

    @property
    def sha256(self) -> str:
        """SHA-256 of the zip so far, in hex."""
        return self._digest.hexdigest()

    def stream(self) -> Iterator[bytes]:
        """The bytes of the zip; the manifest and its signature come last."""
        for chunk in self._zipped():
            self._digest.update(chunk)
            self.size += len(chunk)
            self._beat()
            yield chunk

    def _zipped(self) -> Iterator[bytes]:
        archive = ZipStream(compress_type=zipfile.ZIP_DEFLATED, compress_level=LEVEL)
        for each in self._formats:
            for part in each.parts(self._contents, beat=self._beat):
                archive.add(self._counted(part), part.name)
                yield from archive.all_files()
        self.manifest = manifest.describe(self._contents, self.parts)
        written = manifest.canonical(self.manifest)
        archive.add(written, manifest.NAME)
        archive.add(manifest.signature_file(written), manifest.SIGNATURE_NAME)
        yield from archive.finalize()

    def _counted(self, part: Part) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        for chunk in part.chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        self.parts.append(PartRecord(part.name, part.media_type, size, digest.hexdigest()))


def sha256_of(chunks: Iterable[bytes], *, beat: Heartbeat) -> str:
    """SHA-256 of some chunks, in hex."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        beat()
    return digest.hexdigest()
