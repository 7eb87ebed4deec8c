"""The PostgreSQL and the Valkey of one test run: started when first needed, shared by all its processes."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from omne_dsar import environment
from omne_dsar.embedded.servers import Servers
from tests.migrated import OURS


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
        if "DATABASE_URL" not in os.environ:
            os.environ[OURS] = "1"
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


def keep_a_pristine_copy() -> None:
    """Copy the freshly migrated test database, rows that migrations made included."""
    name = connection.settings_dict["NAME"]
    _copy_database(source=name, target=f"{name}_pristine")


def restore_the_database() -> None:
    """Put the pristine copy back: emptying tables would take the migrations' rows, and some refuse it."""
    name = connection.settings_dict["NAME"]
    _copy_database(source=f"{name}_pristine", target=name)


def drop_the_pristine_copy() -> None:
    """Remove it at the end of the run."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            f"DROP DATABASE IF EXISTS {connection.ops.quote_name(f'{name}_pristine')} WITH (FORCE)"
        )


def _copy_database(*, source: str, target: str) -> None:
    quote = connection.ops.quote_name
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)} WITH (FORCE)")
        cursor.execute(f"ALTER DATABASE {quote(source)} ALLOW_CONNECTIONS false")
        # A vacuum that the server runs here is not ours to end; CREATE DATABASE sends it away by itself.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [source],
        )
        cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(source)} STRATEGY file_copy")
        cursor.execute(f"ALTER DATABASE {quote(source)} ALLOW_CONNECTIONS true")


def broker_url() -> str:
    """Return the broker of this process: each process of a parallel run has a database of its own."""
    number = "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or "0"
    return os.environ["REDIS_URL"].removesuffix("/0") + f"/{number}"


def database_url() -> str:
    """Return the test's own database as an address, for processes that a test starts."""
    found = settings.DATABASES["default"]
    return f"postgresql://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
