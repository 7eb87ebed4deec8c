"""Check a downloaded bundle: signature, every hash, nothing missing, nothing added. Needs no server."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fulfillment.bundles.signing import PublicKey, own_public_key, read_public_key
from fulfillment.bundles.verify import verify_bundle


class Command(BaseCommand):
    """`manage.py verify_bundle FILE`: exit status 0 when the bundle is as it was made."""

    help = "Checks the signature and every hash of a bundle's zip file. Needs no database and no server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the zip that the person downloaded")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--key", type=Path, help="a file with the public key (PEM or base64)")
        which.add_argument("--embedded-key", action="store_true", help="trust the key inside the bundle")
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_bundle(options["file"], key=self._key(options))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict), ensure_ascii=False))
        if not verdict.is_intact:
            raise CommandError("" if options["json"] else verdict.sentence)
        if not options["json"]:
            self.stdout.write(verdict.sentence)

    def _key(self, options: dict[str, Any]) -> PublicKey | None:
        if options["embedded_key"]:
            return None
        if options["key"] is None:
            return own_public_key()
        try:
            return read_public_key(options["key"].read_bytes())
        except OSError:
            raise CommandError("The file with the public key cannot be read.") from None
