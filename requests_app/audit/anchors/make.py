"""Make an anchor: the day's, once, however many machines try; and leave it in every place."""

import logging
from datetime import UTC, date, datetime

from django.db import IntegrityError, transaction

from requests_app.audit.actors import Actor
from requests_app.audit.anchors import shelf
from requests_app.audit.anchors.errors import ChainContradicted
from requests_app.audit.anchors.models import AnchorDeposit, AuditAnchor
from requests_app.audit.anchors.places import places
from requests_app.audit.anchors.statement import Kind, Position, Statement, make_statement, read_statement
from requests_app.audit.merkle import Tree
from requests_app.audit.models import AuditEntry, AuditHead
from requests_app.audit.record import record
from requests_app.errors import DomainError

log = logging.getLogger(__name__)
SYSTEM = Actor.system("audit")


def anchor_daily(*, at: datetime) -> None:
    """Do as `anchor_today`; why it cannot be done stands in the log of the worker, until somebody looks."""
    try:
        anchor_today(at=at)
    except DomainError as refused:
        log.error("The audit log was not anchored: %s", refused.sentence)


def anchor_today(*, at: datetime) -> AuditAnchor | None:
    """Anchor the chain for the day of `at` (UTC); None where that was done, or nothing has happened yet.

    Days that were missed are not made up for: today's anchor covers all before it. Raises ChainContradicted where the
    chain lacks an entry, or is not the one that was anchored last; PlaceAway.
    """
    day = at.astimezone(UTC).date()
    if AuditAnchor.objects.filter(day=day).exists():
        return None
    stood = where_it_stands()
    if not stood.position:
        return None
    _refuse_another_chain()
    try:
        with transaction.atomic():
            anchor = keep_anchor(make_statement(Kind.DAILY, stood, at=at), day=day)
            facts = {"position": stood.position, "digest": anchor.digest}
            record(event="audit.anchored", target=anchor, by=SYSTEM, at=at, facts=facts)
    except IntegrityError:
        # Another machine was faster.
        return None
    return anchor


def where_it_stands() -> Position:
    """The end of the chain now. Raises ChainContradicted where an entry before it is missing."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(id=1)
    before = AuditEntry.objects.filter(position__lte=head.position).order_by("position")
    tree = Tree()
    for digest in before.values_list("hash", flat=True).iterator(chunk_size=5000):
        tree.add(digest)
    if tree.size != head.position:
        raise ChainContradicted(
            "The audit log lacks entries, so that it is not anchored. Run verify_audit, which names the first."
        )
    return Position(head.position, head.hash, tree.root)


def keep_anchor(statement: Statement, *, day: date | None = None) -> AuditAnchor:
    """Store a statement with the work of leaving it in every place that is configured."""
    anchor = AuditAnchor.objects.create(
        day=day,
        position=statement.stood.position,
        content=statement.content.decode(),
        digest=statement.digest,
        made_at=statement.at,
    )
    AnchorDeposit.objects.bulk_create(
        AnchorDeposit(anchor=anchor, place=name) for name, place in places().items() if place.is_configured()
    )
    return anchor


def anchored_otherwise() -> int | None:
    """The entry that was anchored last, where the log lacks it or holds another: a backup was restored, or worse.

    None where it is the one. Raises PlaceAway, StatementBroken.
    """
    kept = shelf.last_kept()
    if kept is None:
        return None
    last = read_statement(kept).stood
    entry = AuditEntry.objects.filter(position=last.position).values_list("hash", flat=True).first()
    return None if entry == last.hash else last.position


def _refuse_another_chain() -> None:
    """Whoever rewrote the chain, or restored a backup, is not to have it anchored as if nothing had been."""
    position = anchored_otherwise()
    if position is not None:
        raise ChainContradicted(
            f"The audit log is not the one whose entry {position} was anchored last, so that it is not anchored "
            "any more. Run verify_audit; where a backup was restored, acknowledge_restore."
        )
