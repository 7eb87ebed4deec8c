"""`manage.py catalogues`: bring the translations up to date with the source, compile them, name what is missing."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from omne_dsar.languages import catalogues
from omne_dsar.languages.gather import words_of_papers


class Command(BaseCommand):
    """Exit code 1 and a line for each gap where a language lacks words that a person reads."""

    help = "Gathers the words people read on paper and in mails into every catalogue, and compiles them."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--check", action="store_true", help="change nothing, only name what is missing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Raises CommandError where words are missing."""
        gathered = words_of_papers()
        if not check:
            for path in catalogues.paths():
                catalogues.write(path, catalogues.brought_up_to_date(catalogues.read(path), gathered))
            catalogues.compile_what_changed()
        missing = list(chain.from_iterable(catalogues.gaps(path, gathered) for path in catalogues.paths()))
        for line in missing:
            self.stderr.write(line)
        if missing:
            raise CommandError(f"{len(missing)} messages have no translation.")
        self.stdout.write(
            f"{len(catalogues.paths())} languages, {len(gathered)} messages each, none missing."
        )
