"""Parts into a zip, or several of a set size, as a stream: plain deflate that every system opens, hashed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from zipstream import ZipStream

from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.deflate import new_archive
from fulfillment.bundles.manifest import describe
from fulfillment.bundles.shape import shape_of
from fulfillment.bundles.volumes import VolumeCount, listing_name, listing_of
from requests_app.encryption import manifests
from requests_app.encryption.manifests import PartRecord


class Packing:
    """Zips on their way, one behind the other: iterate `stream`, then read what became of them.

    A file is never cut in two: the first file after `volume_size` bytes begins another zip.
    """

    def __init__(
        self, contents: BundleInput, formats: list[ExportFormat], *, beat: Heartbeat, volume_size: int = 0
    ) -> None:
        self._contents, self._formats, self._beat = contents, formats, beat
        self._volume_size = volume_size
        self._digest = hashlib.sha256()
        self._counts = [VolumeCount(0)]
        self.parts: list[PartRecord] = []
        self.manifest: dict[str, Any] = {}
        self.size = 0

    @property
    def shape(self) -> list[dict[str, Any]]:
        """What the copy holds and what was left out, in numbers."""
        return shape_of(self._contents)

    @property
    def sha256(self) -> str:
        """SHA-256 of everything so far, in hex."""
        return self._digest.hexdigest()

    @property
    def volumes(self) -> list[dict[str, object]]:
        """Where each zip begins, its size and hash, as the bundle's row keeps them; none where there is one."""
        return [each.as_row() for each in self._counts] if self._is_split else []

    def stream(self) -> Iterator[bytes]:
        """The bytes of the zips; the manifest and its signature come last."""
        for chunk in self._zipped():
            self._digest.update(chunk)
            self._counts[-1].pass_on(chunk)
            self.size += len(chunk)
            self._beat()
            yield chunk

    @property
    def _is_split(self) -> bool:
        return len(self._counts) > 1

    def _zipped(self) -> Iterator[bytes]:
        archive = new_archive()
        for each in self._formats:
            for part in each.parts(self._contents, beat=self._beat):
                if 0 < self._volume_size <= self._counts[-1].size:
                    yield from self._ended(archive)
                    self._counts.append(VolumeCount(self.size))
                    archive = new_archive()
                archive.add(self._counted(part), part.name)
                yield from archive.all_files()
        if self._is_split:
            yield from self._listed(archive)
        self._name_the_volumes()
        self.manifest = describe(self._contents, self.parts, volumes=len(self._counts))
        written = manifests.canonical(self.manifest)
        archive.add(written, manifests.NAME)
        archive.add(manifests.signature_file(written), manifests.SIGNATURE_NAME)
        yield from archive.finalize()

    def _ended(self, archive: ZipStream) -> Iterator[bytes]:
        yield from self._listed(archive)
        yield from archive.finalize()

    def _listed(self, archive: ZipStream) -> Iterator[bytes]:
        number = len(self._counts)
        ours = [part for part in self.parts if part.volume == number]
        listing = Part(listing_name(number), "application/json", [listing_of(number, ours)])
        archive.add(self._counted(listing), listing.name)
        yield from archive.all_files()

    def _name_the_volumes(self) -> None:
        # Only where there are several does the manifest say which one a file is in.
        if not self._is_split:
            self.parts = [replace(part, volume=0) for part in self.parts]

    def _counted(self, part: Part) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        for chunk in part.chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        record = PartRecord(part.name, part.media_type, size, digest.hexdigest(), len(self._counts))
        self.parts.append(record)


def sha256_of(chunks: Iterable[bytes], *, beat: Heartbeat) -> str:
    """SHA-256 of some chunks, in hex."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        beat()
    return digest.hexdigest()
