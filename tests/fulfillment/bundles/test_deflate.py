"""Zips are deflated by zlib-ng, and are the same to every program."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from zlib_ng import zlib_ng

from fulfillment.bundles.deflate import LEVEL, new_archive

TEXT = b"".join(
    b'{"id":%d,"page":"/invoices/%d"}\n' % (number, number * 7919 % 991) for number in range(5_000)
)


def _blocks() -> Iterator[bytes]:
    yield TEXT[:70_000]
    yield TEXT[70_000:]


def test_a_zip_holds_what_zlib_ng_makes_of_it() -> None:
    archive = new_archive()
    archive.add(_blocks(), "data/views.jsonl")
    with zipfile.ZipFile(io.BytesIO(b"".join(archive))) as opened:
        (entry,) = opened.infolist()
        assert opened.read(entry) == TEXT
        assert (entry.compress_type, entry.CRC) == (zipfile.ZIP_DEFLATED, zlib.crc32(TEXT))
    compressor = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -15)
    parts = [compressor.compress(each) for each in _blocks()]
    assert entry.compress_size == sum(map(len, [*parts, compressor.flush()]))
