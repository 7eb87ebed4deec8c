"""Sealed files give back what was written, any range of it, and notice every cut, swap and move."""

import io
import os
import time

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from requests_app.encryption.errors import SealBroken
from requests_app.encryption.files import (
    SealedReader,
    SealedWriter,
    create_sealed,
    open_sealed,
    read_lines,
    unwrap_file_key,
    wrap_file_key,
    wrapped_file_key,
)
from requests_app.encryption.store import Store, new_name

KEY = b"k" * 32
CHUNK = 16
SEALED_CHUNK = CHUNK + 16
HEADER = 32


def sealed(*parts: bytes) -> bytes:
    sink = io.BytesIO()
    writer = SealedWriter(sink, KEY, chunk=CHUNK)
    for part in parts:
        writer.write(part)
    writer.finish()
    return sink.getvalue()


def opened(content: bytes, key: bytes = KEY) -> bytes:
    return SealedReader(io.BytesIO(content), key).read()


@given(parts=st.lists(st.binary(max_size=70), max_size=6))
def test_what_was_written_is_read(parts):
    content = sealed(*parts)
    assert opened(content) == b"".join(parts)
    assert b"".join(SealedReader(io.BytesIO(content), KEY).chunks()) == b"".join(parts)
    assert SealedReader(io.BytesIO(content), KEY).size == len(b"".join(parts))


@given(plain=st.binary(max_size=100), start=st.integers(0, 110), length=st.integers(0, 110))
def test_any_range_is_read(plain, start, length):
    reader = io.BufferedReader(SealedReader(io.BytesIO(sealed(plain)), KEY), 8)
    reader.seek(start)
    assert reader.read(length) == plain[start : start + length]
    reader.seek(-min(start, len(plain)), io.SEEK_END)
    assert reader.read() == plain[len(plain) - min(start, len(plain)) :]


@given(plain=st.binary(min_size=0, max_size=80), data=st.data())
def test_one_changed_byte_anywhere_is_noticed(plain, data):
    content = bytearray(sealed(plain))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        opened(bytes(content))


@given(plain=st.binary(min_size=1, max_size=100), data=st.data())
def test_a_cut_anywhere_is_noticed_on_opening(plain, data):
    content = sealed(plain)
    with pytest.raises(SealBroken):
        SealedReader(io.BytesIO(content[: data.draw(st.integers(0, len(content) - 1))]), KEY)


def chunks_of(content: bytes) -> list[bytes]:
    body = content[HEADER:]
    return [body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK)]


def test_a_file_cut_at_the_edge_of_a_chunk_is_noticed():
    content = sealed(b"x" * CHUNK * 3)
    with pytest.raises(SealBroken):
        opened(content[: HEADER + 2 * SEALED_CHUNK])


def test_swapped_repeated_and_added_chunks_are_noticed():
    content = sealed(bytes(range(CHUNK * 4)))
    head, chunks = content[:HEADER], chunks_of(content)
    orders = [[1, 0, 2, 3], [0, 0, 2, 3], [0, 1, 2, 3, 3], [0, 1, 1, 2, 3], [3], [0, 1, 3]]
    for order in orders:
        with pytest.raises(SealBroken):
            opened(head + b"".join(chunks[at] for at in order))


def test_a_chunk_of_another_file_under_the_same_key_does_not_fit():
    one, other = sealed(b"a" * CHUNK * 2), sealed(b"b" * CHUNK * 2)
    with pytest.raises(SealBroken):
        opened(one[:HEADER] + other[HEADER:])


def test_another_key_does_not_open():
    with pytest.raises(SealBroken):
        opened(sealed(b"Ada"), b"x" * 32)


def test_an_unfinished_file_does_not_open():
    sink = io.BytesIO()
    SealedWriter(sink, KEY, chunk=CHUNK).write(b"x" * CHUNK * 3)
    with pytest.raises(SealBroken):
        opened(sink.getvalue())


def test_a_range_opens_only_the_chunks_it_needs():
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            self.taken += 1
            return super().read(size)

    source = Counting(sealed(b"x" * CHUNK * 50))
    reader = SealedReader(source, KEY)
    reader.seek(CHUNK * 20 + 3)
    reader.read(CHUNK)
    assert source.taken == 1 + 1 + 2, "the header, the last chunk and the two that hold the range"


@pytest.fixture
def store(tmp_path):
    return Store(f"file://{tmp_path}")


def test_a_file_in_the_store_is_opened_with_the_key_of_its_row(store):
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(store, name=name, wrapped_key=key) as sink:
        sink.write(b"Ada Lovelace\nBo\n\nlast")
    assert list(read_lines(store, name=name, wrapped_key=key)) == [b"Ada Lovelace", b"Bo", b"", b"last"]
    with store.open(name) as source:
        assert b"Ada" not in source.read()


def test_a_key_wrapped_for_another_file_is_refused(store):
    with pytest.raises(SealBroken):
        unwrap_file_key(wrapped_file_key(name=new_name()), name=new_name())


def test_wrapping_again_with_a_new_master_key_opens_the_same_file(store, settings):
    name = new_name()
    settings.FIELD_KEYS = {"old": b"o" * 32}
    key = wrapped_file_key(name=name)
    with create_sealed(store, name=name, wrapped_key=key) as sink:
        sink.write(b"Ada")
    settings.FIELD_KEYS = {"new": b"n" * 32, "old": b"o" * 32}
    again = wrap_file_key(unwrap_file_key(key, name=name), name=name)
    settings.FIELD_KEYS = {"new": b"n" * 32}
    assert open_sealed(store, name=name, wrapped_key=again).read() == b"Ada"


@hypothesis_settings(max_examples=20)
@given(size=st.integers(0, 3 * 256 * 1024))
def test_the_real_chunk_size_holds_at_every_edge(size):
    plain = os.urandom(size)
    sink = io.BytesIO()
    writer = SealedWriter(sink, KEY)
    writer.write(plain)
    writer.finish()
    assert opened(sink.getvalue()) == plain
    assert writer.size == size


def test_sealing_keeps_up_with_a_disk():
    class Nowhere(io.RawIOBase):
        def write(self, content):
            return len(content)

    block = os.urandom(1 << 20)
    rates = []
    for _ in range(3):
        writer = SealedWriter(Nowhere(), KEY)
        started = time.process_time()
        for _ in range(64):
            writer.write(block)
        rates.append(64 / (time.process_time() - started))
    assert max(rates) >= 300, "megabytes a second on one core"
