"""A store of its own for every test of changes: its files can be counted."""

import pytest


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    """The store of this test."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
