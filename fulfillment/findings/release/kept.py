"""Filtered records kept while a copy is built: sealed like everything, read by every format, deleted with the build."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from fulfillment.findings.store import BLOCK
from requests_app.encryption.files import SealedReader, create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name


class KeptRecords:
    """Files that live as long as this block; what a killed build leaves has no key anywhere and is cleaned up."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._names: list[str] = []
        self._open: list[SealedReader] = []

    def __enter__(self) -> "KeptRecords":
        return self

    def __exit__(self, *_failure: object) -> None:
        for sealed in self._open:
            sealed.close()
        for name in self._names:
            current_store().delete(name)

    def keep(self, blocks: Iterable[bytes]) -> Callable[[], Iterable[bytes]]:
        """Write blocks of lines down; returns what reads them again, from the beginning each time."""
        name = new_name()
        key = wrapped_file_key(name=name)
        self._names.append(name)
        with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
            for block in blocks:
                sink.write(block + b"\n")
                self._beat()
        sealed = open_sealed(current_store(), name=name, wrapped_key=key)
        self._open.append(sealed)
        return partial(_blocks, sealed)


def _blocks(sealed: SealedReader) -> Iterator[bytes]:
    at, rest = 0, b""
    while True:
        # Another format may have read elsewhere since the last block.
        sealed.seek(at)
        part = sealed.read(BLOCK)
        if not part:
            return
        at += len(part)
        whole, line_end, rest = (rest + part).rpartition(b"\n")
        if line_end:
            yield whole
