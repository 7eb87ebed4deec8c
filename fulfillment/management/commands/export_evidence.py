"""`manage.py export_evidence REF`: everything that proves how a request was handled, in one signed zip."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fulfillment.evidence.export import export_evidence
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.selectors import by_reference


class Command(BaseCommand):
    """Write the pack to a file that nobody else reads; `-` writes it to standard output."""

    help = (
        "Export the evidence of a request: signed JSON, a PDF, the anchors around it. The export is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("reference", help="the request, such as OM-4F7K-92QD")
        parser.add_argument(
            "--out", metavar="FILE", help="the zip to write (REF-evidence.zip); - for standard output"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *_args: Any, reference: str, out: str | None, as_json: bool, **_options: Any) -> None:
        """Do it, and say where it lies."""
        try:
            subject_request = by_reference(reference)
            path = Path(out or f"{subject_request.reference}-evidence.zip")
            if out != "-" and path.exists():
                raise CommandError(f"{path} is there already; name another file with --out.")
            content = export_evidence(
                subject_request=subject_request, by=Actor.system("export_evidence"), at=timezone.now()
            )
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        if out == "-":
            sys.stdout.buffer.write(content)
            return
        _write(path, content)
        said = {"file": str(path), "size": len(content), "reference": subject_request.reference}
        self.stdout.write(json.dumps(said) if as_json else f"{path}: {len(content):,} bytes.")


def _write(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(content)
    except OSError as error:
        # A disk that is full: half a pack is none.
        path.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
