"""A wire to a database that stops at a word: before it arrives, or after it worked and before the answer is heard."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Wire:
    """Everything passes, until the client says `word`.

    Then `reached` is set. Where `deaf`, the word passes and no answer comes back any more; otherwise it waits for
    `let_go`. `cut` ends what waits, as the death of the client does.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        here = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = url.replace(parts.netloc.rpartition("@")[2], here, 1)
        self.reached = threading.Event()
        self._go, self._cut = threading.Event(), threading.Event()
        self._word, self._passing, self._deaf = b"", 0, False

    def stop_at(self, word: str, *, passing: int = 0, deaf: bool = False) -> None:
        """Stop once at this word, when it was let pass so often."""
        self._word, self._passing, self._deaf = word.encode(), passing, deaf

    def let_go(self) -> None:
        """What waits arrives after all."""
        self._word = b""
        self._go.set()

    def cut(self) -> None:
        """What waits never arrives, and its connections end."""
        self._word = b""
        self._cut.set()
        self._go.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(self._target)
                deaf = threading.Event()
                for work in (self._ask, self._answer):
                    threading.Thread(target=work, args=(client, server, deaf), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, deaf: threading.Event) -> None:
        try:
            with suppress(OSError):
                self._pass_on(client, server, deaf)
        finally:
            for end in (client, server):
                # A plain close says nothing to the other side while the answering thread still reads.
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _pass_on(self, client: socket.socket, server: socket.socket, deaf: threading.Event) -> None:
        while said := client.recv(65536):
            stops = bool(self._word) and self._word in said
            if stops and self._passing:
                self._passing, stops = self._passing - 1, False
            if stops:
                self._word = b""
                if self._deaf:
                    deaf.set()
                    server.sendall(said)
                self.reached.set()
                self._go.wait(120)
                if self._deaf or self._cut.is_set():
                    return
            server.sendall(said)

    def _answer(self, client: socket.socket, server: socket.socket, deaf: threading.Event) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                if deaf.is_set():
                    return
                client.sendall(said)
            client.close()
