"""Wren Notes as a sender meets it: who is let in, what is taken, and what a receipt says."""

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import rfc8785
from django.utils import timezone

from fulfillment.bundles.verify_page import as_json
from fulfillment.transmissions.http_signing import Call, digest_of, signed
from omne_dsar.demo.wren import places
from omne_dsar.demo.wren.callers import KEYS, Sender
from omne_dsar.demo.wren.papers import Papers, papers_in
from omne_dsar.demo.wren.server import WrenServer
from omne_dsar.demo.wren.shelf import Shelf
from requests_app.encryption.signing import published_keys, read_public_key

CONTENT = b"everything that the person gave us"


class Published(BaseHTTPRequestHandler):
    """The sender's page of keys, and nothing else."""

    def do_GET(self) -> None:
        body = json.dumps(as_json(published_keys())).encode()
        self.send_response(200 if self.path == KEYS else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Wren:
    """Wren Notes as it runs, and how to call it."""

    address: str
    client: httpx.Client
    folder: Path
    said: list[str] = field(default_factory=list)
    key: str = field(default_factory=lambda: str(uuid4()))

    def call(
        self, method: str, path: str, content: bytes = b"", *, ago: timedelta = timedelta(0)
    ) -> httpx.Response:
        """A call signed as the product signs its own."""
        headers = {"idempotency-key": self.key}
        if method == "POST":
            headers |= {
                "content-type": "application/json",
                "content-length": str(len(content)),
                "content-digest": digest_of([content]),
            }
        call = signed(Call(method, self.address + path, headers), at=timezone.now() - ago)
        return self.client.request(method, call.url, headers=call.headers, content=content)

    def offer(self, content: bytes = CONTENT) -> httpx.Response:
        """The offer of a copy."""
        package = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return self.call("POST", places.OPEN, json.dumps({"package": package}).encode())

    @property
    def place(self) -> str:
        """Where the copy of this key goes."""
        return f"{places.OPEN}/{self.key}"


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return papers_in(tmp_path / "wren")


@pytest.fixture
def wren(tmp_path: Path, papers: Papers) -> Iterator[Wren]:
    said: list[str] = []
    folder = tmp_path / "wren"
    trusts = ssl.create_default_context(cafile=str(folder / places.AUTHORITY))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Published)) as keys_at:
        sender = Sender(f"http://127.0.0.1:{keys_at}")
        shelf = Shelf(folder / "received", papers.receipts)
        server = WrenServer(
            port=0, tls=papers.tls, signs=papers.receipts, sender=sender, shelf=shelf, tell=said.append
        )
        with serving(server) as port, httpx.Client(verify=trusts, trust_env=False) as client:
            yield Wren(f"https://{places.HOST}:{port}", client, folder, said)


def test_what_was_offered_and_arrives_whole_is_kept_and_signed_for(wren: Wren) -> None:
    terms = wren.offer().json()
    assert (terms["accept"], terms["upload"]) == (True, wren.place)
    answer = wren.call("POST", terms["upload"], CONTENT)
    assert answer.status_code == 201
    receipt = answer.json()["receipt"]
    assert (receipt["transmission"], receipt["size"]) == (wren.key, len(CONTENT))
    assert receipt["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    key = read_public_key(terms["receipt_key"].encode())
    assert key.has_signed(rfc8785.dumps(receipt), base64.b64decode(answer.json()["signature"]))
    assert (wren.folder / "received" / f"{wren.key}.zip").read_bytes() == CONTENT
    assert wren.call("GET", terms["status"]).json() == {"state": "received", **answer.json()}
    assert len(wren.said) == 1


def test_a_call_without_a_signature_is_refused(wren: Wren) -> None:
    answer = wren.client.post(wren.address + places.OPEN, json={"package": {}})
    assert answer.status_code == 403
    assert "signature" in answer.json()["reason"]


def test_a_signature_of_yesterday_is_refused(wren: Wren) -> None:
    assert wren.call("GET", wren.place, ago=timedelta(days=1)).status_code == 403


def test_a_signature_for_another_address_is_refused(wren: Wren) -> None:
    call = signed(Call("GET", wren.address + wren.place, {"idempotency-key": wren.key}), at=timezone.now())
    answer = wren.client.get(f"{wren.address}{places.OPEN}/{uuid4()}", headers=call.headers)
    assert answer.status_code == 403


def test_another_copy_than_the_one_that_was_offered_is_thrown_away(wren: Wren) -> None:
    wren.offer(b"something else")
    answer = wren.call("POST", wren.place, CONTENT)
    assert answer.status_code == 409
    assert list((wren.folder / "received").glob("*.zip")) == []
    assert wren.call("GET", wren.place).json() == {"state": "uploading", "received": 0}
    assert wren.said == []


def test_an_offer_changed_on_its_way_is_refused(wren: Wren) -> None:
    said, other = b'{"package": {}}', b'{"package":  1}'
    headers = {
        "idempotency-key": wren.key,
        "content-type": "application/json",
        "content-length": str(len(said)),
        "content-digest": digest_of([said]),
    }
    call = signed(Call("POST", wren.address + places.OPEN, headers), at=timezone.now())
    assert wren.client.post(call.url, headers=call.headers, content=other).status_code == 400


#: Written out, for every process that shares the tests must find them under the same names.
NEVER_OFFERED = "6d1c2f0e-8f43-4c51-9c0a-3f2b7a5e9d10"


@pytest.mark.parametrize("path", [f"{places.OPEN}/{NEVER_OFFERED}", "/", "/import/../../etc/passwd"])
def test_nothing_is_known_of_what_was_not_offered(wren: Wren, path: str) -> None:
    assert wren.call("GET", path).status_code in {403, 404}
    assert wren.call("POST", path, CONTENT).status_code in {403, 404}


def test_at_the_old_address_nobody_takes_copies(wren: Wren) -> None:
    assert wren.call("POST", places.CLOSED, b"{}").status_code == 410


def test_while_the_senders_keys_cannot_be_read_it_asks_to_wait(
    wren: Wren, papers: Papers, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path / "other", papers.receipts)
    server = WrenServer(
        port=0,
        tls=papers.tls,
        signs=papers.receipts,
        sender=Sender("http://127.0.0.1:1"),
        shelf=shelf,
        tell=str,
    )
    with serving(server) as port:
        wren.address = f"https://{places.HOST}:{port}"
        answer = wren.offer()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_its_papers_outlive_a_restart_and_are_nobody_elses(tmp_path: Path) -> None:
    first = papers_in(tmp_path / "wren")
    before = (tmp_path / "wren" / places.AUTHORITY).read_bytes()
    again = papers_in(tmp_path / "wren")
    assert again.receipts.private_bytes_raw() == first.receipts.private_bytes_raw()
    assert (tmp_path / "wren" / places.AUTHORITY).read_bytes() == before
    for name in ("receipts.key", "certificate.key"):
        assert (tmp_path / "wren" / name).stat().st_mode & 0o077 == 0
