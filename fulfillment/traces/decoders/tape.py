"""Tar archives: member by member, within the budget."""

import io
import tarfile

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Opened

_MARK, _AT = b"ustar", 257


def opened(data: bytes, budget: Budget) -> Opened | None:
    """The members; None where this is no archive. What was found there cannot be taken out.

    Links lead nowhere. An archive that breaks off, or holds more than may be unpacked, is noted as not read.
    """
    if data[_AT : _AT + len(_MARK)] != _MARK:
        return None
    names: list[str] = []
    parts: list[BytesPart] = []
    left = budget.bytes_left
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for number, member in enumerate(archive):
                if number >= budget.limits.parts:
                    budget.note("tar")
                    break
                names.append(member.name)
                stream = archive.extractfile(member) if member.isreg() else None
                # What a member says of its own size is not trusted: a sparse one is large and made of nothing.
                content = stream.read(left + 1) if stream is not None else b""
                if len(content) > left or len(content) < (member.size if stream is not None else 0):
                    budget.note("tar")
                    continue
                left -= len(content)
                parts.append(BytesPart(content, "", member.name))
    except (tarfile.TarError, EOFError, ValueError, OSError):
        budget.note("tar")
    return Opened("tar", (BytesPart("\n".join(names), "", "names"), *parts))
