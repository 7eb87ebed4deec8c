"""`manage.py demo_code rosa`: the six digits an authenticator app would show for a demo account."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from omne_dsar.demo.accounts import ACCOUNTS, code_now


class Command(BaseCommand):
    """Needs no server: the demo's secrets are printed on purpose."""

    help = "Prints the sign-in code of a demo account, as an authenticator app would."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose code."""
        parser.add_argument("who", help="an address, or the part before the @")

    def handle(self, *args: Any, who: str, **options: Any) -> None:
        """Print the code of this half minute."""
        for account in ACCOUNTS:
            if who in {account.email, account.email.partition("@")[0]}:
                self.stdout.write(code_now(account))
                return
        names = ", ".join(account.email.partition("@")[0] for account in ACCOUNTS)
        raise CommandError(f"Nobody of this name works in the demo. There are: {names}.")
