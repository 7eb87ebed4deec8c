"""The same mail once more: told by its Message-ID and its content together, or by its content alone at another door.

Neither is enough by itself: programs use an id twice for different mails (freescout #5591), and services that write for
many people send the same words for each of them.
"""

from datetime import timedelta

from django.db.models import Q

from requests_app.intake.inbox.models import InboundEmail, MailOutcome

ELSEWHERE_WITHIN = timedelta(days=7)


def first_of(email: InboundEmail) -> InboundEmail | None:
    """The mail that this one repeats: the earliest that came before it. Its hashes are filled in already."""
    same_id = Q(message_id_hash=email.message_id_hash) if email.message_id_hash else Q(pk__in=[])
    elsewhere = ~Q(door=email.door) & Q(received_at__gte=email.received_at - ELSEWHERE_WITHIN)
    before = (
        InboundEmail.objects.filter(same_id | elsewhere, content_hash=email.content_hash)
        .exclude(pk=email.pk)
        .exclude(content_hash="")
        .exclude(outcome__in=["", MailOutcome.DUPLICATE, MailOutcome.QUARANTINED])
    )
    return before.order_by("stored_at", "pk").first()
