"""A copy zipped anew with a passphrase (AES-256) while it is sent, for people who ask for one; it is kept nowhere."""

import io
import secrets
import zipfile
from collections.abc import Iterator

import pyzipper

from fulfillment.bundles.volumes import Volume
from requests_app.encryption.files import SealedReader

# Symbols that nobody takes for another when they copy them by hand.
_SYMBOLS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 5, 5
_BLOCK = 256 * 1024
_LARGE = 1 << 31
# A thirtieth larger than the usual 6, in less than half its time.
_LEVEL = 4


def new_passphrase() -> str:
    """One that nobody guesses (about 120 bits), to be copied by hand."""
    groups = ("".join(secrets.choice(_SYMBOLS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def protected(reader: SealedReader, volume: Volume, *, passphrase: str) -> Iterator[bytes]:
    """The zip of a volume with the same files, each sealed with the passphrase; names of files stay readable."""
    outbox = _Outbox()
    with (
        zipfile.ZipFile(io.BufferedReader(_Window(reader, volume), _BLOCK)) as source,
        pyzipper.AESZipFile(
            outbox, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL, encryption=pyzipper.WZ_AES
        ) as target,
    ):
        target.setpassword(passphrase.encode())
        for entry in source.infolist():
            is_large = entry.file_size >= _LARGE
            with (
                source.open(entry) as plain,
                target.open(entry.filename, "w", force_zip64=is_large) as sealed,
            ):
                while block := plain.read(_BLOCK):
                    sealed.write(block)
                    yield outbox.taken()
            yield outbox.taken()
    yield outbox.taken()


class _Outbox:
    """What the zip writes, until it is taken; it cannot go back, as what is taken is sent."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._waiting.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        waiting, self._waiting = b"".join(self._waiting), []
        return waiting


class _Window(io.RawIOBase):
    """One volume of a sealed file, as if there were no other."""

    def __init__(self, reader: SealedReader, volume: Volume) -> None:
        super().__init__()
        self._reader, self._volume, self._at = reader, volume, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._volume.size}[whence]
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        room = min(len(buffer), max(0, self._volume.size - self._at))
        self._reader.seek(self._volume.first + self._at)
        taken = self._reader.readinto(memoryview(buffer)[:room])
        self._at += taken
        return taken
