"""Through the company's proxy: it is told the address that was judged, and nothing of what is said passes in clear."""

import base64
import socket
import threading
from contextlib import suppress
from typing import Any

import httpx
import pytest

from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.outbound import GuardedTransport
from fulfillment.connectors.tunnel import proxy_at
from tests.fulfillment.connectors.test_outbound import _resolves_to
from tests.json_server import Answer, JsonServer


class Proxy:
    """A proxy that leads every tunnel to one server; `heard` is what it was asked."""

    def __init__(self, leads_to: int, *, answer: str = "HTTP/1.1 200 Connection established") -> None:
        self.heard: list[str] = []
        self._answer, self._leads_to = answer, leads_to
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take nobody any more."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                asking, _address = self._socket.accept()
            except OSError:
                return
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += asking.recv(4096)
            self.heard.append(asked.decode())
            asking.sendall(f"{self._answer}\r\n\r\n".encode())
            if "200" not in self._answer:
                asking.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._leads_to))
            threading.Thread(target=_join, args=(asking, server), daemon=True).start()


def _join(asking: socket.socket, server: socket.socket) -> None:
    """Carry both ways until both have ended, and leave no socket open behind."""
    with asking, server:
        back = threading.Thread(target=_carry, args=(server, asking), daemon=True)
        back.start()
        _carry(asking, server)
        back.join()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while read := one.recv(4096):
            other.sendall(read)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


def test_the_proxy_is_told_the_judged_address_and_who_we_are(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["desk.test"]
    with JsonServer(lambda asked: Answer({"host": asked.headers["host"]})) as server:
        proxy = Proxy(server.port)
        settings.OUTBOUND_PROXY = f"http://omne:p%40ss@127.0.0.1:{proxy.port}"
        _resolves_to(monkeypatch, ["93.184.216.34"])
        with httpx.Client(transport=GuardedTransport("Desk")) as client:
            assert client.get("http://desk.test:8080/").json() == {"host": "desk.test:8080"}
        proxy.close()
    (asked,) = proxy.heard
    assert asked.startswith("CONNECT 93.184.216.34:8080 HTTP/1.1\r\n")
    assert f"Basic {base64.b64encode(b'omne:p@ss').decode()}" in asked


def test_what_is_judged_unfit_never_reaches_the_proxy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    settings.OUTBOUND_PROXY = "http://127.0.0.1:1"
    _resolves_to(monkeypatch, ["169.254.169.254"])
    with (
        pytest.raises(NotConfigured, match="private network"),
        httpx.Client(transport=GuardedTransport("Desk")) as client,
    ):
        client.get("https://desk.test/")


def test_our_own_network_is_reached_without_it(settings: Any) -> None:
    settings.OUTBOUND_PROXY = "http://127.0.0.1:1"
    with JsonServer(lambda _: Answer({"ok": True})) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
        with httpx.Client(transport=GuardedTransport("Desk")) as client:
            assert client.get(server.url).json() == {"ok": True}


@pytest.mark.parametrize("answer", ["HTTP/1.1 403 Forbidden", "HTTP/1.1 407 Who are you?", "what?"])
def test_a_proxy_that_refuses_is_as_a_host_that_is_not_there(
    answer: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    proxy = Proxy(1, answer=answer)
    settings.OUTBOUND_PROXY = f"http://127.0.0.1:{proxy.port}"
    _resolves_to(monkeypatch, ["93.184.216.34"])
    with (
        pytest.raises(httpx.ConnectError, match="OUTBOUND_PROXY"),
        httpx.Client(transport=GuardedTransport("Desk")) as client,
    ):
        client.get("https://desk.test/")
    proxy.close()


@pytest.mark.parametrize("address", ["proxy:8080", "socks5://127.0.0.1:1", "http://"])
def test_an_address_that_is_no_proxy_is_named(address: str) -> None:
    with pytest.raises(NotConfigured, match="OUTBOUND_PROXY must be"):
        proxy_at(address)
