"""How a packed file that is damaged shows while it is read: each packing says it in its own way."""

import gzip
import lzma
import zlib

# What no other trouble raises; a file that breaks off may still be on its way, and is not among them.
DAMAGED = (gzip.BadGzipFile, zlib.error, lzma.LZMAError)
_OF_BZIP2 = "Invalid data stream"


def is_damage(error: BaseException) -> bool:
    """Whether what was read cannot be unpacked, rather than that it cannot be read."""
    return isinstance(error, DAMAGED) or str(error) == _OF_BZIP2
