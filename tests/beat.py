"""A real beat in a process of its own; as many as a test wants."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from omne_dsar.embedded import children


class RealBeat:
    """A beat that pokes the test's broker twice a second, until it is stopped."""

    def __init__(self, *, broker_url: str, folder: Path, name: str) -> None:
        self.log = folder / f"{name}.log"
        self._program = children.Program(
            name=name,
            command=(
                sys.executable,
                "-m",
                "celery",
                "-A",
                "tests.fast_beat",
                "beat",
                "--loglevel=INFO",
                "--pidfile=",
                f"--schedule={folder / name}",
            ),
            folder=settings.BASE_DIR,
            environment={
                "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
                "REDIS_URL": broker_url,
                "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            },
        )
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as output:
            self._child = children.launch(self._program, output=output.fileno())

    @property
    def pokes(self) -> int:
        """How often it has poked the reminders."""
        return self.log.read_text(encoding="utf-8").count("Sending due task remind of what is due")

    def stop(self) -> None:
        """Stop it politely."""
        if self._child is not None:
            children.stop(self._child, self._program)
            self._child = None
