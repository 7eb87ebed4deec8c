"""A store of each test's own, an authority that is trusted, and a service that receives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from tests.fulfillment.transmissions.authority import Authority
from tests.fulfillment.transmissions.cast import released_move
from tests.fulfillment.transmissions.receiver import Receiver


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> Path:
    """The store of this test: its files can be counted."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    return tmp_path / "store"


@pytest.fixture
def authority(settings: Settings, tmp_path: Path) -> Authority:
    """Trusted in calls outside."""
    found = Authority(tmp_path)
    settings.OUTBOUND_CA_FILE = str(found.file)
    return found


@pytest.fixture
def receiver(settings: Settings, authority: Authority) -> Iterator[Receiver]:
    """A service on this machine, which a copy may go to."""
    with Receiver(authority.certify("localhost")) as found:
        settings.PORTABILITY_ALLOWED_HOSTS = [found.place]
        yield found


@pytest.fixture
def bundle(db: None, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A released copy; the letter, which is not sent, has tests of its own."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    return released_move()
