"""Makes a staff account from the command line: the first one of a new installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from requests_app.accounts.create import create_staff
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.roles import Role


class Command(BaseCommand):
    """`manage.py add_staff ana@example.com --name "Ana Ribeiro" --role privacy_lead`."""

    help = "Make a staff account. Its owner sets a password by “Forgotten password” on the sign-in page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="how the person is called in the product")
        parser.add_argument("--role", action="append", required=True, choices=Role.values, dest="roles")

    def handle(self, *_args: Any, **options: Any) -> None:
        roles = [Role(name) for name in options["roles"]]
        try:
            member = create_staff(
                email=options["email"],
                display_name=options["name"],
                roles=roles,
                by=Actor.system("add_staff"),
                at=timezone.now(),
            )
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        named = ", ".join(str(role.label) for role in roles)
        self.stdout.write(
            f"{member.display_name} can set a password at /staff/account/password/reset/ ({named})."
        )
