"""Check an evidence pack: signature, every file, every entry and its proof. Needs no server and no database."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fulfillment.evidence.verify import verify_evidence
from requests_app.encryption.signing import NotAPublicKey, PublicKey, published_keys, read_public_keys


class Command(BaseCommand):
    """`manage.py verify_evidence FILE`: exit status 0 when the pack is as it was made."""

    help = "Checks the signature, files, entries and proofs of an evidence pack. Needs no database and no server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="the zip that export_evidence wrote")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--key", type=Path, help="a file with the public keys (PEM or base64)")
        which.add_argument("--embedded-key", action="store_true", help="trust the key inside the pack")
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and print."""
        try:
            options["file"].open("rb").close()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        verdict = verify_evidence(options["file"], keys=_keys(options))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict), ensure_ascii=False))
        if not verdict.is_intact:
            raise CommandError("" if options["json"] else verdict.sentence)
        if not options["json"]:
            self.stdout.write(verdict.sentence)


def _keys(options: dict[str, Any]) -> tuple[PublicKey, ...]:
    if options["embedded_key"]:
        return ()
    try:
        if options["key"] is None:
            return published_keys()
        return read_public_keys(options["key"].read_bytes())
    except OSError:
        raise CommandError("The file with the public key cannot be read.") from None
    except NotAPublicKey as refused:
        raise CommandError(refused.sentence) from refused
