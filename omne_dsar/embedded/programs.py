"""The processes of the running product, beside its two servers."""

import sys
from pathlib import Path
from typing import Any

from omne_dsar.embedded import ports
from omne_dsar.embedded.children import Program

BASE = Path(__file__).resolve().parent.parent.parent
DATABASE_UP_TO_DATE = "database up to date"
# Memory given back late by threads is memory a small machine does not have.
_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # What one process compiled the others read, even where the shell says not to note it.
    "PYTHONDONTWRITEBYTECODE": "",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": "131072",
    "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
}


def web(port: int) -> Program:
    """The pages: one process with a few threads."""
    options = f"--interface wsgi --host {ports.LOOPBACK} --port {port} --workers 1 --blocking-threads 4"
    more = "--no-ws --respawn-failed-workers --workers-kill-timeout 5 --log-level warning"
    return _python(
        "web", "-m", "granian", *options.split(), *more.split(), "omne_dsar.wsgi:application", patience=8
    )


def worker(concurrency: int) -> Program:
    """The background jobs; what it does not finish in its soft period it hands back.

    Threads of one process: here memory is short, and the heavy parts (letters, compression, sealing) run
    outside Python's lock. Production runs processes.
    """
    options = (
        f"worker --loglevel=INFO --pool=threads --concurrency={concurrency} --without-gossip --without-mingle"
    )
    # On one's own machine the worker may be root as well as anybody.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return _celery("worker", "omne_dsar.celery", options, environment=quiet, ready_text="ready.", patience=25)


def beat(folder: Path) -> Program:
    """The timetable."""
    return _celery(
        "beat", "omne_dsar.beat", f"beat --loglevel=WARNING --pidfile= --schedule={folder / 'beat'}"
    )


def desk(data: Path) -> Program:
    """The demo company's help desk."""
    return _python("desk", "-m", "omne_dsar.demo.desk", "--data", str(data))


def mailbox(folder: Path) -> Program:
    """The mail server that keeps what is sent, with its page."""
    return _python("mailbox", "-m", "omne_dsar.demo.mailbox", "--folder", str(folder))


def wren(port: int, folder: Path, *, sender: str) -> Program:
    """The other company, to which people of the demo move."""
    given = ("--port", str(port), "--folder", str(folder), "--sender", sender)
    return _python("wren", "-m", "omne_dsar.demo.wren", *given, ready_text="takes copies")


def preparation(*options: str) -> Program:
    """The job that brings the database up to date and loads the demo company."""
    return _python("prepare", "manage.py", "prepare_demo", *options, ready_text=DATABASE_UP_TO_DATE)


def _celery(name: str, app: str, options: str, **more: Any) -> Program:
    return _python(name, "-m", "celery", "--quiet", "--skip-checks", "-A", app, *options.split(), **more)


def _python(name: str, *arguments: str, environment: dict[str, str] | None = None, **more: Any) -> Program:
    return Program(
        name=name,
        command=(sys.executable, *arguments),
        environment={**_ENVIRONMENT, **(environment or {})},
        folder=BASE,
        **more,
    )
