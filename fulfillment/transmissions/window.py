"""A stretch of a sealed file, read as if it were a file of its own."""

import io

from requests_app.encryption.files import SealedReader


class Window(io.RawIOBase):
    """The bytes from `first` on, `size` of them; closing it leaves the file below open."""

    def __init__(self, reader: SealedReader, *, first: int, size: int) -> None:
        super().__init__()
        self._reader, self._first, self._size = reader, first, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start of the file")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        wanted = min(len(buffer), max(0, self._size - self._at))
        self._reader.seek(self._first + self._at)
        taken = self._reader.readinto(memoryview(buffer)[:wanted]) if wanted else 0
        self._at += taken
        return taken
