"""After our own database came back from a backup: what was ended since is ended again, before anybody comes in."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from fulfillment.ledger.entries import EntryKind
from fulfillment.ledger.shelf import current_shelf
from fulfillment.ledger.verify import verify_ledger
from fulfillment.owners.models import OwnerTask
from fulfillment.sources.models import DataSource
from requests_app.audit.anchors.make import anchored_otherwise
from requests_app.identity.models import MailedCode

NOT_LOOKED_AT = "Not looked at since our own database was restored from a backup."


@dataclass(frozen=True)
class Restored:
    """What a restore asks for: whether the database is older than what was written outside of it.

    `behind` counts the entries of the ledger that it did not know of, `copies` are those that they say have ended.
    """

    is_older: bool
    behind: int
    copies: tuple[str, ...]


def close_doors(*, at: datetime) -> Restored:
    """End sessions and mailed codes, and mark the sources, where ledger or anchors know more than the database.

    Links and codes that were mailed after the backup are unknown to the database and open nothing; those from before
    it may have been used up or replaced since, so they end as well. Raises LedgerBroken, LedgerAway, PlaceAway,
    StatementBroken.
    """
    behind = verify_ledger().behind
    ended = tuple(each.key for each in current_shelf().entries() if each.kind is EntryKind.COPY_ENDED)
    is_older = behind > 0 or anchored_otherwise() is not None
    if is_older:
        with transaction.atomic():
            Session.objects.all().delete()
            MailedCode.objects.filter(used_at=None, superseded_at=None).update(superseded_at=at)
            OwnerTask.objects.exclude(code_digest="").update(code_digest="", code_expires_at=None)
            DataSource.objects.update(last_checked_at=None, last_error=NOT_LOOKED_AT)
    return Restored(is_older, behind, ended)
