"""Zip archives, and what is one inside (documents and sheets of every office): member by member, within the budget."""

import io
import zipfile
import zlib

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Opened

_MARK = b"PK\x03\x04"
_ENCRYPTED = 0x1


def opened(data: bytes, budget: Budget) -> Opened | None:
    """The members; None where this is no archive. What was found there cannot be taken out.

    A member that is locked, damaged, or larger than what is left to unpack is noted as not read.
    """
    if not data.startswith(_MARK):
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        budget.note("zip")
        return Opened("zip", ())
    members = archive.infolist()
    # The names of files say a lot, of those too that are too many to be opened.
    parts = [BytesPart("\n".join(each.filename for each in members), "", "names")]
    left = budget.bytes_left
    for each in members[: budget.limits.parts]:
        if each.is_dir():
            continue
        content = _content(archive, each, left)
        if content is None or len(content) > left:
            budget.note("zip")
            continue
        left -= len(content)
        parts.append(BytesPart(content, "", each.filename))
    if len(members) > budget.limits.parts:
        budget.note("zip")
    return Opened("zip", tuple(parts))


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes | None:
    """One more byte than may be unpacked at most: what a member says of its own size is not trusted."""
    if member.flag_bits & _ENCRYPTED:
        return None
    try:
        with archive.open(member) as stream:
            return stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return None
