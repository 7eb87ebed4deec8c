"""The receiver of the documentation, run as it stands there, takes what we send; and large copies cost no memory."""

import hashlib
import io
import os
import re
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.bundles.verify import verify_bundle
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.states import TransmissionState as S
from omne_dsar.embedded import ports
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.signing import own_public_key
from requests_app.encryption.store import current_store, new_name
from tests.fulfillment.transmissions.authority import Authority
from tests.fulfillment.transmissions.cast import approved, sent
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
DOCS = Path(django_settings.BASE_DIR) / "docs" / "portability-push.md"
LARGE, BLOCK = 96 * 1024 * 1024, 1024 * 1024


@pytest.fixture
def example(authority: Authority, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of the documented receiver, in a process of its own."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    program, key, port = tmp_path / "receiver.py", tmp_path / "sender.pem", ports.free_port()
    program.write_text(code, encoding="utf-8")
    key.write_text(own_public_key().pem, encoding="utf-8")
    shown = authority.certify("localhost")
    (tmp_path / "received").mkdir()
    given = (str(port), str(shown.certificate), str(shown.key), str(key), str(tmp_path / "received"))
    settings.PORTABILITY_ALLOWED_HOSTS = [f"localhost:{port}"]
    with subprocess.Popen([sys.executable, str(program), *given], stderr=subprocess.DEVNULL) as child:
        wait_until(lambda: _listens(port))
        yield f"https://localhost:{port}/import"
        child.kill()


def _listens(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


def test_the_documented_receiver_takes_a_copy(bundle: Bundle, example: str, tmp_path: Path) -> None:
    found = sent(approved(bundle, example))
    assert found.transmission.state == S.RECEIVED
    (file,) = (tmp_path / "received").glob("*.zip")
    assert verify_bundle(io.BytesIO(file.read_bytes()), key=own_public_key()).is_intact


def test_a_large_copy_is_sent_in_constant_memory(bundle: Bundle, example: str) -> None:
    sending = _packed(approved(bundle, example))
    tracemalloc.start()
    found = sent(sending)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.transmission.state, found.size) == (S.RECEIVED, LARGE)
    assert peak < 16 * 1024 * 1024


def _packed(sending: Sending) -> Sending:
    """As packing leaves it, only larger; what is sent cannot be packed any tighter."""
    sending.store_name, digest = new_name(), hashlib.sha256()
    sending.wrapped_key = wrapped_file_key(name=sending.store_name)
    with create_sealed(current_store(), name=sending.store_name, wrapped_key=sending.wrapped_key) as sink:
        for _ in range(LARGE // BLOCK):
            block = os.urandom(BLOCK)
            digest.update(block)
            sink.write(block)
    sending.size, sending.sha256, sending.part_count = LARGE, digest.hexdigest(), 1
    sending.save()
    return sending
