"""Print the public key that checks the bundles of this installation."""

from typing import Any

from django.core.management.base import BaseCommand

from requests_app.encryption.signing import own_public_key


class Command(BaseCommand):
    """`manage.py public_key`: publish its output where people can find it."""

    help = "Prints the public key (PEM) that checks the signature of every bundle made here."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        key = own_public_key()
        self.stdout.write(key.pem, ending="")
        self.stderr.write(f"Key {key.key_id}; in base64 {key.text}")
