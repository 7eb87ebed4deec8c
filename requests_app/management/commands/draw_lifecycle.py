"""Write the diagrams of the state machines into the docs, or check that they are up to date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.lifecycle import diagram

PAGE = Path("docs/lifecycle.md")


class Command(BaseCommand):
    """`manage.py draw_lifecycle [--check | --figures]`."""

    help = "Draw the state machine of every right into docs/lifecycle.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")
        parser.add_argument(
            "--figures", action="store_true", help="only count laws, rights, states and moves"
        )

    def handle(self, *_args: Any, check: bool, figures: bool, **_options: Any) -> None:
        """Write, compare or count."""
        if figures:
            for name, count in diagram.figures().items():
                self.stdout.write(f"{count:>7,}  {name}")
            return
        page, drawn = Path(settings.BASE_DIR) / PAGE, diagram.all_diagrams()
        if not check:
            page.parent.mkdir(exist_ok=True)
            page.write_text(drawn)
            self.stdout.write(f"Wrote {PAGE}.")
        elif not page.exists() or page.read_text() != drawn:
            raise CommandError(f"{PAGE} is out of date: run manage.py draw_lifecycle and commit it.")
        else:
            self.stdout.write(f"{PAGE} is up to date.")
