"""Whatever shape a message has, reading it ends soon, and it ends as a mail that was read."""

import time
from collections.abc import Iterator

import pytest

from requests_app.intake.email.apart.read_apart import Readers
from requests_app.intake.email.limits import DEFAULT_LIMITS
from requests_app.intake.email.parse import headers_alone
from tests.requests_app.intake.email.hostile import HOSTILE

# The slowest takes 1.6 seconds on two cores that do nothing else; tests run beside other tests.
LONGEST_SECONDS = 15


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    each = Readers()
    yield each
    each.end()


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_hostile_shape_is_read_soon_and_within_the_limits(readers: Readers, shape: str) -> None:
    raw = HOSTILE[shape]()
    started = time.monotonic()
    read = readers.read(raw)
    assert time.monotonic() - started < LONGEST_SECONDS
    assert (read.not_read, read.not_understood) == (None, None)
    assert len(read.mail.text) <= DEFAULT_LIMITS.text
    assert len(read.mail.attachments) <= DEFAULT_LIMITS.attachments
    assert sum(each.size for each in read.mail.attachments) <= 2 * len(raw)


@pytest.mark.parametrize("shape", HOSTILE)
def test_its_headers_alone_are_read_at_once(shape: str) -> None:
    """They are what this process reads itself when a reader is lost."""
    started = time.process_time()
    headers_alone(HOSTILE[shape]())
    assert time.process_time() - started < 3


def test_a_name_that_reads_otherwise_than_it_is_loses_its_marks(readers: Readers) -> None:
    raw = (
        'Content-Type: application/octet-stream; name="..\\\\..\\\\etc/annex\u202efdp\x00.exe"\n'
        "Content-Disposition: attachment\n\nMZ"
    ).encode()
    (file,) = readers.read(raw).mail.attachments
    assert file.name == "annexfdp .exe"
