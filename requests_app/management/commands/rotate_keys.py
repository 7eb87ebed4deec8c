"""`manage.py rotate_keys`: seal all by the first of FIELD_KEYS, and write indexes by BLIND_INDEX_KEY."""

import json
import sys
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.encryption.keys import current_keys
from requests_app.encryption.rotation.indexes import By, index_standing, renew_indexes
from requests_app.encryption.rotation.renew import Standing, renew, standing
from requests_app.encryption.signing import published_keys
from requests_app.errors import DomainError


class Command(BaseCommand):
    """Counts, renews, counts again; says which key may leave. Exit code 1 while a value does not open."""

    help = "Seal everything again with the active key, while the system works; broken off, it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--dry-run", action="store_true", help="only count, and check that every value opens"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *_args: Any, dry_run: bool, as_json: bool, **_options: Any) -> None:
        """Do it, and print."""
        try:
            renewed = 0 if dry_run else renew(told=self._progress)
            found = standing()
            # After what is sealed: an address that does not open has no index either, and is named first.
            indexed = 0 if dry_run or found.broken else renew_indexes(told=self._progress)
            indexes = Counter[By]() if found.broken else index_standing()
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        if as_json:
            self.stdout.write(json.dumps({**_as_json(found, renewed), **_indexes(indexes, indexed)}))
        else:
            self._tell(found, renewed)
            self._tell_of_indexes(indexes, indexed)
        if found.broken:
            raise CommandError(
                f"{len(found.broken)} values do not open, the first is {found.broken[0]}: put back the key that "
                "sealed it, or restore it from a backup."
            )

    def _progress(self, place: str, count: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{place}: {count}")

    def _tell(self, found: Standing, renewed: int) -> None:
        active = current_keys().active_id
        if renewed:
            self.stdout.write(f"{renewed} values were sealed again.")
        for key_id in current_keys().keys:
            use = f"{found.by_key[key_id]} values"
            if key_id == active:
                self.stdout.write(f"{key_id}: {use}, seals.")
            elif found.by_key[key_id]:
                self.stdout.write(f"{key_id}: {use}, still needed.")
            else:
                self.stdout.write(
                    f"{key_id}: nothing; it may leave FIELD_KEYS once no older backup is needed."
                )
        own, *old = (key.key_id for key in published_keys())
        before = f" Before it: {', '.join(old)}." if old else ""
        self.stdout.write(f"Signatures are made with {own}.{before}")

    def _tell_of_indexes(self, indexes: Counter[By], indexed: int) -> None:
        if indexed:
            self.stdout.write(f"{indexed} indexes were written anew.")
        self.stdout.write(f"BLIND_INDEX_KEY: {indexes[By.ACTIVE]} rows are found by it.")
        if not settings.BLIND_INDEX_OTHER_KEYS:
            return
        if indexes[By.OTHER]:
            self.stdout.write(f"BLIND_INDEX_OTHER_KEYS: {indexes[By.OTHER]} rows, still needed.")
        else:
            self.stdout.write(
                "BLIND_INDEX_OTHER_KEYS: nothing; they may leave, unless one of them is the key to come."
            )


def _indexes(indexes: Counter[By], indexed: int) -> dict[str, object]:
    return {"indexes": {each.value: indexes[each] for each in By}, "indexed": indexed}


def _as_json(found: Standing, renewed: int) -> dict[str, object]:
    ring = current_keys()
    return {
        "active": ring.active_id,
        "renewed": renewed,
        "values": dict(found.by_key),
        "not_under_active": found.others,
        "removable": [key for key in ring.keys if key != ring.active_id and not found.by_key[key]],
        "broken": found.broken,
        "signing_keys": [key.key_id for key in published_keys()],
    }
