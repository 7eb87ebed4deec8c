"""Where the measuring is done: servers of its own in a folder that is thrown away, the product and the shop in them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.databases import beside
from omne_dsar.embedded.servers import Servers

BASE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Place:
    """Running servers; `environment` is what a process needs to work on them."""

    folder: Path
    admin_url: str
    environment: dict[str, str]

    def measure(self, name: str, *arguments: str, shop: str, **environment: str) -> dict[str, Any]:
        """Let a measure run in a process of its own, on this shop; gives the figures it said."""
        environment["BENCH_SHOP"] = beside(self.admin_url, shop)
        done = subprocess.run(
            [sys.executable, "-m", f"bench.measures.{name}", *arguments],
            env={**os.environ, **self.environment, **environment},
            cwd=BASE,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return figures


@contextmanager
def open_place(folder: Path | None = None) -> Iterator[Place]:
    """Servers that are stopped and forgotten at the end; they wait for the disk as in production."""
    home = Path(tempfile.mkdtemp(prefix="omne-bench-", dir=folder))
    home.chmod(0o755)
    servers = Servers(home, durable=True)
    try:
        services = servers.start()
        postmaster = (servers.postgres.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
        environment = {
            "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
            "OMNE_VAR": str(home / "var"),
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "LOG_LEVEL": "WARNING",
            "BENCH_POSTMASTER": postmaster,
        }
        place = Place(home, services.database_url, environment)
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity=0"],
            env={**os.environ, **environment},
            cwd=BASE,
            check=True,
        )
        yield place
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)
