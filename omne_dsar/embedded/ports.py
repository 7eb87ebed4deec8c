"""Questions about local ports."""

import secrets
import socket

LOOPBACK = "127.0.0.1"
_LOWEST = 20_000
_COUNT = 12_000


def is_taken(port: int) -> bool:
    """Say whether something else already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def says_ok(port: int, path: str) -> bool:
    """Say whether a page there answers with 200."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {LOOPBACK}\r\n\r\n".encode())
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port while nothing uses it, or a free one below those that outgoing calls are given.

    One of those could be taken by anybody in the moment between a server's end and its restart.
    """
    candidates = (_LOWEST + secrets.randbelow(_COUNT) for _ in range(1000))
    return next(port for port in (preferred, *candidates) if port and not is_taken(port))


def kept_port(path_text: str | None) -> int | None:
    """Read back a port that was written down, if it is one."""
    return int(path_text) if path_text and path_text.strip().isdigit() else None
