"""A web shop that never comes to an end of its answer, as fast as it is read or a byte a second."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
_PIECE = b"[" + b"1," * 32_000
_DROP = b"1\r\n \r\n"
_CHUNK = b"%x\r\n%s\r\n" % (len(_PIECE), _PIECE)


class EndlessShop:
    """Sends as fast as it is read, or where it `drips` a byte each second; `sent` is how much that was."""

    def __init__(self, *, drips: bool = False) -> None:
        self._drips = drips
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent = 0
        self._over = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while not self._over.is_set():
                client, _address = self._listener.accept()
                threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.recv(65536)
            client.sendall(_HEAD)
            while not self._over.is_set():
                client.sendall(_DROP if self._drips else _CHUNK)
                self.sent += 1 if self._drips else len(_CHUNK)
                if self._drips:
                    self._over.wait(1)
