"""A line to a server that is slow, deaf on one side, or cut, when a test says so."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class BadLine:
    """Everything passes at once, until a test says otherwise; what it says holds for open connections too.

    `delay` is how many seconds each answer takes longer. `is_deaf` lets what is asked arrive and no answer come back,
    as when one side of a connection is gone. `refuses` ends new connections as soon as they are made, by a reset. While
    it `is_away` from the beginning nobody listens here, and the kernel refuses, until `come_back`. `loses` is asked of
    everything that is sent: where it says yes that arrives, is done, and the connection ends before its answer.
    """

    def __init__(self, url: str, *, is_away: bool = False) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 0)
        # Bound and not listening: the address is ours, and whoever connects is refused.
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._is_away = is_away
        self.url = url.replace(
            parts.netloc.rpartition("@")[2], f"127.0.0.1:{self._listener.getsockname()[1]}", 1
        )
        self.delay, self.is_deaf, self.refuses = 0.0, False, False
        self.loses: Callable[[bytes], bool] = lambda _said: False
        self.connections = self.lost = 0
        self._open: set[socket.socket] = set()
        self._over = threading.Event()

    def cut(self) -> None:
        """End every open connection without a word, as a failing firewall does."""
        for end in tuple(self._open):
            self._end(end)

    def mend(self) -> None:
        """Let everything pass again; connections that were deaf have missed what they missed."""
        self.delay, self.is_deaf, self.refuses = 0.0, False, False

    def come_back(self) -> None:
        """Listen, and let whoever connects pass."""
        self._listener.listen(200)
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        if not self._is_away:
            self.come_back()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        # Closing alone would not wake the thread that waits for the next connection.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _listen(self) -> None:
        with suppress(OSError):
            while not self._over.is_set():
                client, _address = self._listener.accept()
                self.connections += 1
                if self.refuses:
                    self._end(client)
                    continue
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._target)
        except OSError:
            self._end(client)
            return
        self._open |= {client, server}
        doomed = threading.Event()
        for work in (self._ask, self._answer):
            threading.Thread(target=work, args=(client, server, doomed), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, doomed: threading.Event) -> None:
        with suppress(OSError):
            while said := client.recv(65536):
                if self.loses(said):
                    self.lost += 1
                    doomed.set()
                server.sendall(said)
        self._end(client)
        self._end(server)

    def _answer(self, client: socket.socket, server: socket.socket, doomed: threading.Event) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                if doomed.is_set():
                    break
                if self.delay:
                    self._over.wait(self.delay)
                if not self.is_deaf:
                    client.sendall(said)
        self._end(client)
        self._end(server)

    def _end(self, end: socket.socket) -> None:
        self._open.discard(end)
        with suppress(OSError):
            # Without lingering a close is a reset: nothing is said any more.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(OSError):
            # A plain close says nothing to the other side while the other thread still reads.
            end.shutdown(socket.SHUT_RDWR)
        end.close()
