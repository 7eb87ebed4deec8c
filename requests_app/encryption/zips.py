"""A zip from elsewhere: whatever is wrong with it is a sentence, and reading it costs no more than was agreed.

Hashes are about what the zip's own list names. Other programs may read something else of the same file: bytes before
it, between its entries or after it, a second name of an entry, a link in place of a file. So that is looked for too.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyzipper

from requests_app.errors import BadInput

# Whatever the readers of zips raise over a file that is broken or was made to break them.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    pyzipper.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
# The other methods make gigabytes of a few bytes before anybody can say stop.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL_HEAD, _LISTED_HEAD, _END, _LONG_END = 30, 46, 22, 56 + 20 + 22
_SECOND_NAME = 0x7075
_IS_SEALED, _SIZES_FOLLOW = 1, 8


class ZipUnfit(BadInput):
    """A zip that does not open with what was given."""

    code = "zip_unfit"


class NotAZip(ZipUnfit):
    """A file that is no zip, or a part of one."""

    code = "not_a_zip"


def open_zip(source: Path | BinaryIO, *, passphrase: bytes | None = None) -> zipfile.ZipFile:
    """Open a zip; the caller closes it. Raises NotAZip, ZipUnfit where the passphrase is missing or wrong."""
    try:
        archive: zipfile.ZipFile = pyzipper.AESZipFile(source) if passphrase else zipfile.ZipFile(source)
    except BROKEN:
        raise NotAZip("The file does not open as a zip.") from None
    try:
        _require_fit(archive, passphrase)
    except ZipUnfit:
        archive.close()
        raise
    return archive


def spoken(name: str) -> str:
    """A name as it may stand in a sentence: signs that would move a cursor or turn the line around are spelt out."""
    return name if name.isprintable() else name.encode("unicode_escape").decode()


def read_file(archive: zipfile.ZipFile, name: str, *, most: int) -> bytes:
    """A file of a zip, at most one byte more than `most` of it. KeyError where there is none, or one of BROKEN."""
    with archive.open(name) as content:
        return content.read(most + 1)


def oddities(archive: zipfile.ZipFile) -> Iterator[str]:
    """What no zip of ours holds, and another program could take for a part of it; one sentence each."""
    for entry in archive.infolist():
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            yield f"{spoken(entry.filename)} is not a plain file."
        if _SECOND_NAME in _fields(entry.extra):
            yield f"{spoken(entry.filename)} has a second name."
    try:
        is_close = _is_close(archive)
    except BROKEN:
        is_close = False
    if not is_close:
        yield "There is something in the zip that belongs to none of its files."


def _require_fit(archive: zipfile.ZipFile, passphrase: bytes | None) -> None:
    sealed = next((each for each in archive.infolist() if each.flag_bits & _IS_SEALED), None)
    if sealed is not None:
        _try_passphrase(archive, sealed, passphrase)
    if any(each.compress_type not in _METHODS for each in archive.infolist()):
        raise ZipUnfit("The zip is packed in a way that we do not use.")


def _try_passphrase(archive: zipfile.ZipFile, sealed: zipfile.ZipInfo, passphrase: bytes | None) -> None:
    if passphrase is None:
        raise ZipUnfit("The zip was fetched with a passphrase, without which it does not open.")
    archive.setpassword(passphrase)
    try:
        with archive.open(sealed):
            pass
    except BROKEN:
        raise ZipUnfit("The passphrase does not open the zip.") from None


def _is_close(archive: zipfile.ZipFile) -> bool:
    """Whether the entries fill the file from its first byte, each as it is listed, then comes the list, and no more."""
    file, at = _file(archive), 0
    listed = list(zip(archive.infolist(), _list_of(archive, file), strict=True))
    if not _is_end(file.read(_LONG_END + 1)):
        return False
    for entry, head in sorted(listed, key=lambda each: each[0].header_offset):
        file.seek(entry.header_offset)
        local = file.read(_LOCAL_HEAD)
        if entry.header_offset != at or not _say_the_same(local, head):
            return False
        at = _end_of(entry, local, file)
    return at == archive.start_dir


def _say_the_same(local: bytes, listed: bytes) -> bool:
    """Whether an entry's own head and the list agree, as some programs go by the first and some by the second."""
    # Where they were not known beforehand, they follow behind the entry, or in a longer form.
    has_sum = local[14:18] in (listed[16:20], bytes(4))
    has_sizes = local[18:26] in (listed[20:28], bytes(8), b"\xff" * 8)
    return local[6:14] == listed[8:16] and has_sum and has_sizes


def _list_of(archive: zipfile.ZipFile, file: BinaryIO) -> list[bytes]:
    """What the list says of each entry; the file stands behind it then."""
    heads = []
    file.seek(archive.start_dir)
    for _entry in archive.infolist():
        heads.append(file.read(_LISTED_HEAD))
        file.seek(sum(struct.unpack("<3H", heads[-1][28:34])), 1)
    return heads


def _is_end(rest: bytes) -> bool:
    if len(rest) == _LONG_END:
        return rest.startswith(b"PK\x06\x06")
    return len(rest) == _END and rest.startswith(b"PK\x05\x06")


def _end_of(entry: zipfile.ZipInfo, local: bytes, file: BinaryIO) -> int:
    name, extra = struct.unpack("<2H", local[26:])
    end: int = entry.header_offset + _LOCAL_HEAD + name + extra + entry.compress_size
    if not entry.flag_bits & _SIZES_FOLLOW:
        return end
    file.seek(end)
    following = file.read(24)
    return end + next((len(each) for each in _sizes_of(entry) if following.startswith(each)), 0)


def _sizes_of(entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The ways to write check sum and sizes behind an entry."""
    sizes = (entry.CRC, entry.compress_size, entry.file_size)
    for pattern in ("<LQQ", "<LLL") if max(sizes) <= 0xFFFFFFFF else ("<LQQ",):
        written = struct.pack(pattern, *sizes)
        yield from (b"PK\x07\x08" + written, written)


def _fields(extra: bytes) -> Iterator[int]:
    """The kinds of the extra fields of an entry."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        yield kind
        at += 4 + length


def _file(archive: zipfile.ZipFile) -> BinaryIO:
    if archive.fp is None:
        raise ValueError("the zip is closed")
    return archive.fp  # type: ignore[return-value]
