"""The PostgreSQL and the Valkey of one test run: started when first needed, shared by all its processes."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from omne_dsar import environment
from omne_dsar.embedded.servers import Servers


class TestServers:
    """Embedded servers in a folder of their own, unless DATABASE_URL and REDIS_URL name others."""

    __test__ = False

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.servers: Servers | None = None

    def start(self) -> None:
        """Start what the environment does not name; processes started from now on inherit the addresses."""
        if self.servers is not None or {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
            return
        self.folder = Path(tempfile.mkdtemp(prefix="omne-tests-"))
        self.folder.chmod(0o755)
        self.servers = Servers(self.folder, durable=False)
        services = self.servers.start()
        os.environ.setdefault("DATABASE_URL", services.database_url)
        os.environ.setdefault("REDIS_URL", services.redis_url)

    def stop(self) -> None:
        """Stop them and remove their folder."""
        if self.servers is not None:
            self.servers.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def point_django_at_the_database() -> None:
    """Let Django, which read its settings before the servers started, use them."""
    found = environment.database(os.environ["DATABASE_URL"])
    settings.DATABASES["default"].update({name: found[name] for name in ("USER", "PASSWORD", "HOST", "PORT")})


def broker_url() -> str:
    """Return the broker of this process: each process of a parallel run has a database of its own."""
    number = "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or "0"
    return os.environ["REDIS_URL"].removesuffix("/0") + f"/{number}"
