"""Check a downloaded bundle: signature, every hash, nothing missing, nothing added. Needs no server."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fulfillment.bundles.verify import Verdict, verify_bundle
from requests_app.encryption.signing import NotAPublicKey, PublicKey, published_keys, read_public_keys


class Command(BaseCommand):
    """`manage.py verify_bundle FILE…`: exit status 0 when the bundle, all parts of it, is as it was made."""

    help = "Checks the signature and every hash of a bundle's zip file. Needs no database and no server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, help="the zip that was downloaded, or all parts of it"
        )
        parser.add_argument(
            "--passphrase", action="store_true", help="ask for the passphrase that the zip was fetched with"
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--key", type=Path, help="a file with the public key (PEM or base64)")
        which.add_argument("--embedded-key", action="store_true", help="trust the key inside the bundle")
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        _require_readable(options["files"])
        verdict = _verdict(
            options["files"],
            keys=_keys(options),
            passphrase=_passphrase() if options["passphrase"] else None,
        )
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict), ensure_ascii=False))
        if not verdict.is_intact:
            raise CommandError("" if options["json"] else verdict.sentence)
        if not options["json"]:
            self.stdout.write(verdict.sentence)


def _keys(options: dict[str, Any]) -> tuple[PublicKey | None, ...]:
    if options["embedded_key"]:
        return (None,)
    try:
        if options["key"] is None:
            return published_keys()
        return read_public_keys(options["key"].read_bytes())
    except OSError:
        raise CommandError("The file with the public key cannot be read.") from None
    except NotAPublicKey as refused:
        raise CommandError(refused.sentence) from refused


def _require_readable(files: list[Path]) -> None:
    for path in files:
        try:
            path.open("rb").close()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def _verdict(files: list[Path], *, keys: tuple[PublicKey | None, ...], passphrase: bytes | None) -> Verdict:
    """What the key says that signed it, of several that were in use one after the other."""
    verdicts = (verify_bundle(*files, key=key, passphrase=passphrase) for key in keys)
    found = next(verdicts)
    return found if found.is_intact else next((each for each in verdicts if each.is_intact), found)


def _passphrase() -> bytes:
    """Asked for, never an argument, which other users of a machine can read; from a pipe, the first line of it."""
    words = getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline()
    return words.strip().encode()
