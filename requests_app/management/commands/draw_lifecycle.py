"""Write the diagrams of the state machines into the docs, or check that they are up to date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.lifecycle.diagram import all_diagrams

PAGE = Path("docs/lifecycle.md")


class Command(BaseCommand):
    """`manage.py draw_lifecycle [--check]`."""

    help = "Draw the state machine of every right into docs/lifecycle.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Write or compare."""
        page, drawn = Path(settings.BASE_DIR) / PAGE, all_diagrams()
        if not check:
            page.parent.mkdir(exist_ok=True)
            page.write_text(drawn)
            self.stdout.write(f"Wrote {PAGE}.")
        elif not page.exists() or page.read_text() != drawn:
            raise CommandError(f"{PAGE} is out of date: run manage.py draw_lifecycle and commit it.")
        else:
            self.stdout.write(f"{PAGE} is up to date.")
