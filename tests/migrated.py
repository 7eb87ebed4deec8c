"""The migrated database: made once, kept under var/ by what made it, so that a run of tests begins in seconds."""

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from omne_dsar.embedded.postgres import binaries

NAME = "omne_migrated"
KEPT = Path(settings.BASE_DIR) / "var" / "tests"
# Only the servers that a run starts for itself are given it: what another server holds is not ours.
OURS = "OMNE_TESTS_OWN_SERVER"
# The lock names every package that brings migrations of its own.
_MADE_BY = ("uv.lock", "*/migrations/*.py", "omne_dsar/settings.py", "tests/migrated.py")


class MigratedDatabase:
    """Taken as the template of a process's test database; whoever finds none keeps their own for the others."""

    def __init__(self) -> None:
        made = hashlib.sha256()
        base = Path(settings.BASE_DIR)
        for path in sorted(each for pattern in _MADE_BY for each in base.glob(pattern)):
            made.update(path.relative_to(base).as_posix().encode() + path.read_bytes())
        self._dump = KEPT / f"migrated-{made.hexdigest()[:16]}.sql"
        self._lock: IO[bytes] | None = None

    def take(self) -> None:
        """Let Django begin with it; who is first waits for nobody and is waited for until `keep`."""
        if OURS not in os.environ:
            return
        KEPT.mkdir(parents=True, exist_ok=True)
        self._lock = (KEPT / "lock").open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if not self._is_here() and self._dump.exists():
            _run("createdb", "--maintenance-db", os.environ["DATABASE_URL"], NAME)
            _run("psql", "-Xq1", "-v", "ON_ERROR_STOP=1", "-d", _address(NAME), "-f", str(self._dump))
        if self._is_here():
            connection.settings_dict["TEST"]["TEMPLATE"] = NAME
            self._release()

    def keep(self) -> None:
        """Keep the database that was just migrated, for the other processes and the next run."""
        if self._lock is None:
            return
        name = connection.settings_dict["NAME"]
        connection.close()
        _run("createdb", "--maintenance-db", os.environ["DATABASE_URL"], "--template", name, NAME)
        written = self._dump.with_suffix(".part")
        _run("pg_dump", "--no-owner", "--no-privileges", "-f", str(written), "-d", _address(NAME))
        for old in KEPT.glob("migrated-*.sql"):
            old.unlink()
        written.replace(self._dump)
        self._release()

    def _is_here(self) -> bool:
        asked = "SELECT datname FROM pg_database"
        return NAME in _run("psql", "-XAt", "-d", os.environ["DATABASE_URL"], "-c", asked).split()

    def _release(self) -> None:
        assert self._lock is not None
        self._lock.close()
        self._lock = None


def _address(name: str) -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def _run(program: str, *arguments: str) -> str:
    ran = subprocess.run(
        [binaries() / program, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    if ran.returncode:
        raise AssertionError(f"{program}: {ran.stderr}")
    return ran.stdout
