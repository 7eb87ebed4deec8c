"""A real Celery worker in a process of its own, for tests of what eager tasks cannot show."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from django.conf import settings

from omne_dsar.embedded import children


class RealWorker:
    """A worker that can be killed, as a crash does, and started again."""

    def __init__(
        self,
        *,
        database_url: str,
        broker_url: str,
        mail_port: int,
        log: Path,
        environment: Mapping[str, str],
        app: str = "omne_dsar.celery",
        options: Sequence[str] = (),
    ) -> None:
        self.log = log
        self._program = children.Program(
            name="worker",
            command=(
                sys.executable,
                "-m",
                "celery",
                "-A",
                app,
                "worker",
                "--concurrency=2",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                *options,
            ),
            folder=settings.BASE_DIR,
            environment={
                "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
                "DATABASE_URL": database_url,
                "REDIS_URL": broker_url,
                "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
                "STORE_URL": settings.STORE_URL,
                "LEDGER_URL": settings.LEDGER_URL,
                # As in production: asked to stop, it gives what is at work a while, then hands it back.
                "REMAP_SIGTERM": "SIGQUIT",
                **shared_keys(),
                **environment,
            },
        )
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes tasks."""
        with self.log.open("ab") as output:
            offset = output.tell()
            self._child = children.launch(self._program, output=output.fileno())
        deadline = time.monotonic() + 60
        while b" ready." not in self.log.read_bytes()[offset:]:
            if self._child.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the worker did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it and its children at once, as a crash of the machine does."""
        if self._child is not None:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None

    def ask_to_stop(self) -> None:
        """What a deploy sends first."""
        if self._child is not None:
            children.ask_to_stop(self._child, self._program)

    @property
    def has_ended(self) -> bool:
        """Whether it is gone by itself."""
        return self._child is None or self._child.poll() is not None

    @property
    def processes(self) -> list[psutil.Process]:
        """The worker's own process and those of its pool."""
        assert self._child is not None
        own = psutil.Process(self._child.pid)
        return [own, *own.children(recursive=True)]

    def stop(self) -> None:
        """Stop it politely."""
        if self._child is not None:
            children.stop(self._child, self._program)
            self._child = None


def most_memory(process: psutil.Process) -> int:
    """The bytes that a process has held at most at any moment, as the kernel remembers them."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel does not say how much memory the process held")


def shared_keys() -> dict[str, str]:
    """What another process needs to open what the test sealed."""
    encoded = {
        name: base64.urlsafe_b64encode(getattr(settings, name)).decode()
        for name in ("BLIND_INDEX_KEY", "CODE_KEY", "SIGNING_KEY", "LEDGER_KEY")
    }
    ring = ",".join(
        f"{key_id}:{base64.urlsafe_b64encode(key).decode()}" for key_id, key in settings.FIELD_KEYS.items()
    )
    others = ",".join(base64.urlsafe_b64encode(key).decode() for key in settings.BLIND_INDEX_OTHER_KEYS)
    return {
        **encoded,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ring,
        "BLIND_INDEX_OTHER_KEYS": others,
    }
