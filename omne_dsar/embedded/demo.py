"""`make demo`: servers, pages, jobs, the demo company and its mailbox, in one command."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from omne_dsar import environment
from omne_dsar.demo.wren import places
from omne_dsar.embedded import ports, preparation, programs, state
from omne_dsar.embedded.children import Program
from omne_dsar.embedded.errors import CannotStart
from omne_dsar.embedded.postgres import Postgres
from omne_dsar.embedded.state import Services
from omne_dsar.embedded.supervisor import Stopped, Supervisor
from omne_dsar.embedded.valkey import Valkey

_NEEDED_BYTES = 1024**3
_READY_WITHIN_SECONDS = 120
_MADE_BY_THE_DEMO = ("postgres", "valkey", "store", "demo", "run")


def run_demo(var: Path, *, reset: bool) -> None:
    """Start everything, say where to click, and keep it running until told to stop."""
    began_at = time.monotonic()
    with _alone(var):
        if reset:
            _reset(var)
        _check_machine(var)
        supervisor = Supervisor()
        try:
            _start(supervisor, var)
            seconds = time.monotonic() - began_at
            supervisor.say(_welcome(var) + f"\nReady after {seconds:.1f} s. Ctrl-C stops everything.")
            supervisor.run()
        except Stopped:
            supervisor.say("Stopping.")
        finally:
            supervisor.stop()
            state.forget_services(var)


def _start(supervisor: Supervisor, var: Path) -> None:
    services = _start_servers(supervisor, var)
    os.environ |= {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    port = environment.number("WEB_PORT", 8000)
    web, desk = programs.web(port), programs.desk(var / "demo" / "desk.jsonl")
    supervisor.start(programs.mailbox(var / "demo" / "mail"))
    supervisor.start(_other_company(var, port))

    def start_what_can() -> None:
        """The pages need an up-to-date database, the help desk its data: each starts as soon as it can."""
        if web.name not in supervisor.watched and supervisor.is_ready("prepare"):
            supervisor.start(web)
        if desk.name not in supervisor.watched and (var / "demo" / "desk.version").exists():
            supervisor.start(desk)

    start_what_can()
    _prepare(supervisor, var, meanwhile=start_what_can)
    for program in (web, desk, programs.worker(6), programs.beat(var / "run")):
        if program.name not in supervisor.watched:
            supervisor.start(program)

    def everything_runs() -> bool:
        return (
            supervisor.is_ready("worker")
            and supervisor.is_ready("wren")
            and ports.says_ok(port, "/health/ready")
        )

    if not supervisor.wait_for(everything_runs, _READY_WITHIN_SECONDS):
        raise CannotStart("The demo did not become ready; the lines above say why.")


def _other_company(var: Path, web_port: int) -> Program:
    """The company that people move to: this demo may reach it, and trusts its authority, as settings of its own say."""
    folder, sender = var / "demo" / "wren", f"http://{ports.LOOPBACK}:{web_port}"
    port = _kept_port(folder)
    place = f"{places.HOST}:{port}"
    also = environment.listing("PORTABILITY_ALLOWED_HOSTS")
    os.environ["PORTABILITY_ALLOWED_HOSTS"] = ",".join((*also, place))
    os.environ.setdefault("OUTBOUND_CA_FILE", str((folder / places.AUTHORITY).resolve()))
    os.environ[places.ADDRESS] = f"https://{place}"
    return programs.wren(port, folder, sender=sender)


def _prepare(supervisor: Supervisor, var: Path, *, meanwhile: Callable[[], None]) -> None:
    """Load the demo company, unless nothing changed since it was loaded."""
    if preparation.is_done(var):
        return
    supervisor.say("Preparing the demo company; this takes a moment the first time.")
    if supervisor.run_once(programs.preparation(), meanwhile=meanwhile) != 0:
        raise CannotStart("The demo could not be prepared; the lines above say why.")
    preparation.note_done(var)


def _start_servers(supervisor: Supervisor, var: Path) -> Services:
    """Start the servers that the environment does not name, and write down where they are."""
    database_url = environment.text("DATABASE_URL", "")
    redis_url = environment.text("REDIS_URL", "")
    if not database_url:
        postgres = Postgres(var / "postgres", _kept_port(var / "postgres"))
        postgres.initialise()
        postgres.wait_until_ready(supervisor.start(postgres.program()))
        postgres.create_accounts()
        database_url = postgres.url
    if not redis_url:
        valkey = Valkey(var / "valkey", _kept_port(var / "valkey"))
        valkey.initialise()
        valkey.wait_until_ready(supervisor.start(valkey.program()))
        redis_url = valkey.url
    services = Services(database_url=database_url, redis_url=redis_url)
    state.write_services(var, services)
    return services


def _kept_port(folder: Path) -> int:
    """Return the port this server had last time, while it is free, so that what was noted stays true."""
    note = folder / "port"
    port = ports.free_port(ports.kept_port(note.read_text() if note.exists() else None))
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(str(port))
    return port


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """Hold the folder for ourselves: two demos would spoil each other's data."""
    (var / "run").mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart("The demo already runs from this folder: stop it first.") from None
        yield


def _reset(var: Path) -> None:
    if environment.text("DATABASE_URL", ""):
        raise CannotStart("--reset empties only the embedded servers: unset DATABASE_URL first.")
    for name in _MADE_BY_THE_DEMO:
        shutil.rmtree(var / name, ignore_errors=True)


def _check_machine(var: Path) -> None:
    if shutil.disk_usage(var).free < _NEEDED_BYTES:
        raise CannotStart(f"The disk is nearly full: the demo needs 1 GB free under {var}.")
    wanted = {"WEB_PORT": 8000, "MAILBOX_PORT": 8025, "SMTP_PORT": 2525, "DESK_PORT": 8031}
    for name, usual in wanted.items():
        port = environment.number(name, usual)
        if ports.is_taken(port):
            raise CannotStart(
                f"Port {port} is used by another program: stop it, or choose another "
                f"with {name}={port + 1000}."
            )


def _welcome(var: Path) -> str:
    path = var / "demo" / "welcome.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""
