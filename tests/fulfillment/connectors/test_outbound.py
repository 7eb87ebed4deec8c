"""The guard against calls into our own network: addresses in every disguise, rebinding, redirects."""

import ipaddress
import socket
import time
from contextlib import suppress
from threading import Thread
from typing import Any

import httpx
import pytest

from fulfillment.connectors.api_auth import credentials_for
from fulfillment.connectors.base import CONNECTORS, no_heartbeat
from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.connectors.exchange import Outgoing
from fulfillment.connectors.http import ApiClient, Limits
from fulfillment.connectors.outbound import GuardedTransport, is_public, refuse_private_host
from fulfillment.datamaps.api_auth import NoAuth
from tests.fulfillment.connectors.rude_desk import mapped
from tests.json_server import Answer, JsonServer

PRIVATE = """
127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1 ::1 ::
fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1
::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::127.0.0.1 64:ff9b::127.0.0.1
64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a9fe:a9fe:: 2001::1 100::1
"""
PUBLIC = """
1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8
64:ff9b::8.8.8.8
"""
# As a URL may write them; the system's resolver is who understands them.
DISGUISED = """
http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://127.1/ http://0x7f.1/
http://[::ffff:7f00:1]/ http://[::1]/ http://[0:0:0:0:0:ffff:127.0.0.1]/ http://localhost/
http://LOCALHOST:80/ http://127.0.0.1.:80/
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_that_is_not_of_the_public_network_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("url", DISGUISED.split())
def test_a_private_address_in_disguise_is_refused(url: str, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises((NotConfigured, Retryable)) as refused:
        refuse_private_host(url.replace("http://", "https://"), "Desk")
    assert "127" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://x/",
        "https://me:pw@example.com/",
        "https:///x",
        "//example.com",
        "javascript:1",
    ],
)
def test_only_plain_https_is_called(url: str, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(NotConfigured):
        refuse_private_host(url, "Desk")


def test_every_address_of_a_name_must_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves_to(monkeypatch, ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(NotConfigured, match="leads into a private network"):
        refuse_private_host("https://desk.example.com", "Desk")


def test_a_name_nobody_knows_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Retryable, match="host of Desk cannot be found"):
        refuse_private_host("https://desk.example.com", "Desk")


def test_an_allowed_host_may_be_private_and_plain_http(settings: Any) -> None:
    with JsonServer(lambda _: Answer({"ok": True})) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
        with httpx.Client(transport=GuardedTransport("Desk")) as client:
            assert client.get(server.url).json() == {"ok": True}
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1:1"]
        with pytest.raises(NotConfigured), httpx.Client(transport=GuardedTransport("Desk")) as client:
            client.get(server.url)


def test_a_name_is_resolved_once_and_its_address_kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with JsonServer(lambda asked: Answer({"host": asked.headers["host"]})) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["desk.test"]
        looked_up = _resolves_to(monkeypatch, ["127.0.0.1"])
        with httpx.Client(transport=GuardedTransport("Desk")) as client:
            for _ in range(3):
                answer = client.get(f"http://desk.test:{server.port}/")
                _resolves_to(monkeypatch, ["127.0.0.2"])
        assert answer.json() == {"host": f"desk.test:{server.port}"}
        assert looked_up == ["desk.test"]


def test_a_name_that_turns_private_between_look_and_call_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: the check and the connection use one and the same look-up."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    connected: list[str] = []
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **_: _entries(answers.pop(0) if "test" in str(host) else [host], port),
    )

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(httpx.ConnectError), httpx.Client(transport=GuardedTransport("Desk")) as client:
        client.get("https://desk.test/")
    assert connected == ["93.184.216.34"]


def _resolves_to(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> list[str]:
    looked_up: list[str] = []

    def resolve(host: str, port: int, *_: Any, **__: Any) -> Any:
        if host == "127.0.0.1":
            return _entries([host], port)
        looked_up.append(host)
        return _entries(addresses, port)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return looked_up


def _entries(addresses: list[str], port: Any) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, int(port or 0))) for each in addresses]


def test_headers_that_drip_meet_the_limit_of_the_whole_answer(settings: Any) -> None:
    """Each byte comes in time; together they never end."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with _Dripping() as port:
        started = time.monotonic()
        transport = GuardedTransport("Desk", seconds=0.4)
        with pytest.raises(httpx.ReadTimeout), httpx.Client(transport=transport, timeout=5) as client:
            client.get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - started < 3


def test_a_proxy_named_in_the_environment_is_not_used(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with JsonServer(lambda _: Answer({"ok": True})) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
        client = ApiClient(
            "Desk", httpx.URL(server.url), credentials_for(NoAuth(kind="none"), {}), Limits(), no_heartbeat
        )
        assert client.ask(Outgoing("GET", httpx.URL(server.url))).json() == {"ok": True}
        client.close()


@pytest.mark.parametrize(
    "url", [*DISGUISED.split(), "http://169.254.169.254/", "http://metadata.google.internal/"]
)
def test_no_source_is_connected_to_an_address_of_our_own_network(url: str, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(NotConfigured):
        CONNECTORS.get("rest_api").from_settings({"base_url": url})
    with pytest.raises((NotConfigured, Retryable)) as refused:
        CONNECTORS.get("rest_api").from_settings({"base_url": url.replace("http:", "https:")}).check(
            mapped(auth={"kind": "none"})
        )
    assert "127" not in str(refused.value)


class _Dripping:
    """Sends the head of an answer byte by byte, for as long as somebody listens."""

    def __enter__(self) -> int:
        self._socket = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._serve, daemon=True).start()
        port: int = self._socket.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            answering, _ = self._socket.accept()
            with answering:
                answering.sendall(b"HTTP/1.1 200 OK\r\nX-Filler: ")
                for _ in range(300):
                    answering.sendall(b"x")
                    time.sleep(0.02)
