"""Acknowledge that a backup was restored: anchors made after it are let go, by name, in a statement of its own."""

from datetime import datetime

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.anchors import shelf
from requests_app.audit.anchors.checkpoints import reach
from requests_app.audit.anchors.errors import ChainContradicted, NothingToAcknowledge
from requests_app.audit.anchors.make import keep_anchor, where_it_stands
from requests_app.audit.anchors.models import AuditAnchor
from requests_app.audit.anchors.statement import Kind, make_statement
from requests_app.audit.record import record
from requests_app.audit.verify import verify_chain


def acknowledge_restore(*, by: Actor, at: datetime) -> AuditAnchor:
    """Let go every anchor that the chain contradicts, and state from where on it goes on.

    The statement is signed and left in every place, so that whoever reads the mails learns of it: a restore that was
    none is not hidden by it. Raises NothingToAcknowledge, ChainContradicted where the chain itself does not fit, and
    PlaceAway.
    """
    reached = reach()
    report = verify_chain(reached.checkpoints)
    if report.intact:
        raise NothingToAcknowledge("The audit log is what was anchored: there is no restore to acknowledge.")
    if not report.contradicts:
        raise ChainContradicted(f"No backup explains this: {report.flaw}")
    let_go = tuple(sorted(each.statement.digest for each in report.contradicts))
    with transaction.atomic():
        statement = make_statement(Kind.RESTORE, where_it_stands(), at=at, let_go=let_go)
        anchor = keep_anchor(statement)
        facts = {
            "anchored": report.anchored,
            "until": max(each.statement.stood.position for each in report.contradicts),
            "anchors": len(let_go),
            "digest": anchor.digest,
        }
        record(event="audit.restore_acknowledged", target=anchor, by=by, at=at, facts=facts)
        # The file at once: the next look at the chain reads it.
        shelf.keep(statement)
    return anchor
