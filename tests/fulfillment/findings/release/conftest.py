"""A store of its own for each test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> Path:
    """The store of this test: its files can be counted."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    return tmp_path / "store"
