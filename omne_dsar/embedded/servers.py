"""PostgreSQL and Valkey together, in one folder, started and stopped as one."""

import subprocess
from pathlib import Path

from omne_dsar.embedded import children, ports
from omne_dsar.embedded.postgres import Postgres
from omne_dsar.embedded.state import Services
from omne_dsar.embedded.valkey import Valkey


class Servers:
    """The two servers under a folder; tests kill and restart either of them."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.postgres = Postgres(folder / "postgres", ports.free_port(), durable=durable)
        self.valkey = Valkey(folder / "valkey", ports.free_port())
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> Services:
        """Start both and return their addresses once they answer."""
        self.start_postgres()
        self.postgres.create_accounts()
        self.start_valkey()
        return Services(database_url=self.postgres.url, redis_url=self.valkey.url)

    def start_postgres(self) -> None:
        """Start PostgreSQL, for the first time or again."""
        self.postgres.initialise()
        self._children["postgres"] = children.launch(self.postgres.program())
        self.postgres.wait_until_ready(self._children["postgres"])

    def start_valkey(self) -> None:
        """Start Valkey, for the first time or again."""
        self.valkey.initialise()
        self._children["valkey"] = children.launch(self.valkey.program())
        self.valkey.wait_until_ready(self._children["valkey"])

    def pid(self, name: str) -> int:
        """The process of one of them, the parent of whatever it has started."""
        return self._children[name].pid

    def kill(self, name: str) -> None:
        """End one of them without a word, as a crash does."""
        child = self._children.pop(name)
        child.kill()
        child.wait()

    def stop(self) -> None:
        """Stop both."""
        programs = {"postgres": self.postgres.program(), "valkey": self.valkey.program()}
        for name, child in self._children.items():
            children.stop(child, programs[name])
        self._children.clear()
