"""A store of its own for every test, and a mail server that letters go to."""

import pytest
from pytest_django import Settings

from omne_dsar.embedded import ports
from tests.mailbox import Mailbox


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path) -> None:
    """The store of this test."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def post(settings: Settings, mailbox: Mailbox) -> Mailbox:
    """Where letters arrive."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = ports.LOOPBACK, mailbox.port
    return mailbox
