"""Ports are asked for before they are used, and kept out of the way of outgoing calls."""

import socket
import threading

import pytest

from omne_dsar.embedded import ports


def _answering(sentence: bytes) -> int:
    """Answer one connection with a sentence; return the port."""
    server = socket.create_server((ports.LOOPBACK, 0))

    def serve() -> None:
        connection, _ = server.accept()
        connection.recv(1000)
        connection.sendall(sentence)
        connection.close()
        server.close()

    threading.Thread(target=serve, daemon=True).start()
    port: int = server.getsockname()[1]
    return port


def test_a_port_somebody_listens_on_is_taken() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert ports.is_taken(port)
        assert ports.free_port(port) != port


def test_a_preferred_port_is_given_while_it_is_free() -> None:
    port = ports.free_port()
    assert ports.free_port(port) == port


def test_a_port_is_below_those_given_to_outgoing_calls() -> None:
    assert all(20_000 <= ports.free_port() < 32_000 for _ in range(20))


@pytest.mark.parametrize(
    ("sentence", "well"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 503 Busy\r\n\r\n", False), (b"", False)],
)
def test_a_page_is_well_when_it_says_200(sentence: bytes, well: bool) -> None:
    assert ports.says_ok(_answering(sentence), "/health/ready") is well


def test_a_page_nobody_serves_is_not_well() -> None:
    assert not ports.says_ok(ports.free_port(), "/")


@pytest.mark.parametrize(("noted", "port"), [("5433\n", 5433), (None, None), ("", None), ("half", None)])
def test_a_noted_port_is_read_back_if_it_is_one(noted: str | None, port: int | None) -> None:
    assert ports.kept_port(noted) == port
