"""A real MariaDB for the tests that need one: in a folder of its own, careless about the disk."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pymysql
from sqlalchemy import URL

from omne_dsar.embedded import children, ports
from omne_dsar.embedded.children import Account, Program

SHARE = Path("/usr/share/mysql")
SYSTEM_TABLES = ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
CARELESS = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-data-file-path=ibdata1:4M:autoextend",
    "--innodb-log-file-size=32M",
    "--innodb-buffer-pool-size=96M",
    "--silent-startup",
)
READY_WITHIN_SECONDS = 60


class MariadbServer:
    """One server process; it ends with the process that started it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="omne-mariadb-"))
        self.folder.chmod(0o755)
        self.port = ports.free_port()
        self.password = secrets.token_urlsafe(12)
        self._data = self.folder / "data"
        self._account = _account()
        self._binary = binary() or "mariadbd"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the system tables, start the server and wait until it answers."""
        self._data.mkdir(mode=0o700)
        if self._account is not None:
            os.chown(self._data, self._account.user_id, self._account.group_id)
        self._make_system_tables()
        self._child = children.launch(self._program())
        deadline = monotonic() + READY_WITHIN_SECONDS
        while not self._answers():
            if self._child.poll() is not None or monotonic() > deadline:
                raise RuntimeError(
                    (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
                )
            sleep(0.02)

    def stop(self) -> None:
        """End it and remove its folder; nothing in it is worth an orderly end."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_connections(self) -> int:
        """End every session but our own, as a restart of the server would; gives how many there were."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select id from information_schema.processlist where id <> connection_id()"
                " and user not in ('system user', 'event_scheduler')"
            )
            numbers = [number for (number,) in cursor.fetchall()]
            for number in numbers:
                cursor.execute("kill connection %s", (number,))
        return len(numbers)

    def connect(self, database: str | None = None) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """As the administrator."""
        return pymysql.connect(
            host=ports.LOOPBACK,
            port=self.port,
            user="root",
            password=self.password,
            database=database,
            autocommit=True,
            client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS,
        )

    def url(self, database: str, *, user: str = "root", password: str | None = None) -> str:
        """The address of a database."""
        made = URL.create("mariadb", user, password or self.password, ports.LOOPBACK, self.port, database)
        return made.render_as_string(hide_password=False)

    @contextmanager
    def database(self, statements: str = "") -> Iterator[str]:
        """A database of its own with these tables; gives its name, and removes it afterwards."""
        name = f"source_{uuid4().hex[:12]}"
        with self.connect() as connection:
            run(connection, f"create database {name} character set utf8mb4; use {name}; {statements}")
        try:
            yield name
        finally:
            with self.connect() as connection:
                run(connection, f"drop database {name}")

    def _make_system_tables(self) -> None:
        own = "create database mysql;\nuse mysql;\n"
        given = own + "\n".join((SHARE / name).read_text(encoding="utf-8") for name in SYSTEM_TABLES)
        subprocess.run(
            [self._binary, "--no-defaults", "--bootstrap", f"--datadir={self._data}", *CARELESS],
            input=given.encode(),
            check=True,
            capture_output=True,
            **children.switch_to(self._account),
        )
        first = self.folder / "first.sql"
        first.touch(mode=0o600)
        first.write_text(
            "delete from mysql.global_priv;\nflush privileges;\n"  # noqa: S608
            f"create user root@'127.0.0.1' identified by '{self.password}';\n"
            "grant all on *.* to root@'127.0.0.1' with grant option;\n",
            encoding="utf-8",
        )
        if self._account is not None:
            os.chown(first, self._account.user_id, self._account.group_id)

    def _program(self) -> Program:
        options = (
            f"--datadir={self._data}",
            f"--socket={self._data / 'socket'}",
            f"--pid-file={self._data / 'pid'}",
            f"--port={self.port}",
            f"--bind-address={ports.LOOPBACK}",
            f"--init-file={self.folder / 'first.sql'}",
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
        )
        command = (self._binary, "--no-defaults", *options, *CARELESS)
        return Program("mariadb", command, account=self._account, log=self.folder / "log")

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except pymysql.err.OperationalError:
            return False
        return True


def run(connection: "pymysql.Connection[pymysql.cursors.Cursor]", statements: str) -> None:
    """Run several statements, each to its end."""
    with connection.cursor() as cursor:
        cursor.execute(statements)
        while cursor.nextset():
            pass


def binary() -> str | None:
    """The server's program, where the system has one."""
    return shutil.which("mariadbd") or shutil.which("/usr/sbin/mariadbd")


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)
