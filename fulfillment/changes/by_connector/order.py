"""The order to a source, made of what was decided: what it concerns, what must stay, and how it is to look."""

import hmac
from datetime import datetime
from hashlib import sha256

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import Picks
from fulfillment.changes.hands import OPERATION_OF
from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeKind
from fulfillment.connectors.changing import ChangeOrder, Correction, Hold, Mention, Operation
from fulfillment.identities.selectors import query_for
from fulfillment.sweeps.models import Trace
from fulfillment.sweeps.person import known_of
from requests_app.encryption.keys import secret_key
from requests_app.lifecycle.models import SubjectRequest


def order_of(row: SourceChange) -> ChangeOrder:
    """The same order at every attempt, day of retention and secret included."""
    change = row.change
    return order_for(
        row.order_key,
        OPERATION_OF[ChangeKind(change.kind)],
        subject_request=change.subject_request,
        said=change.instructions,
        at=change.created_at,
        picks=row.picks,
    )


def order_for(
    key: str,
    operation: Operation,
    *,
    subject_request: SubjectRequest,
    said: Instructions,
    at: datetime,
    picks: Picks = (),
) -> ChangeOrder:
    """An order of this key for the person of a request."""
    return ChangeOrder(
        key=key,
        operation=operation,
        query=query_for(subject_request),
        collections=_concerned(said, operation, picks),
        at=at,
        secret=order_secret(key),
        corrections=tuple(Correction(each.collection, each.name, each.wrong, each.right) for each in picks),
        # What stops is named by the purposes of the policy; a right to opt out stops what its code says.
        purposes=said.purposes or (subject_request.right,),
        holds=_holds(said),
        person=known_of(subject_request),
        mentions=_mentions(said),
    )


def order_secret(key: str) -> bytes:
    """A secret for the hashes of one order: the same for its retries, unlike every other order's."""
    return hmac.new(secret_key("CODE_KEY"), f"change-order\0{key}".encode(), sha256).digest()


def _concerned(said: Instructions, operation: Operation, picks: Picks) -> tuple[str, ...]:
    """The collections of an order; what is kept is among them, so that what it leans on is seen."""
    if operation is Operation.CORRECT:
        return tuple(dict.fromkeys(each.collection for each in picks))
    names = [each.name for each in said.collections] + [each.name for each in said.keep]
    return tuple(dict.fromkeys(names))


def _mentions(said: Instructions) -> tuple[Mention, ...]:
    """The rows of others out of which words are taken, by their keys."""
    wanted = [key for each in said.words for key in each.traces]
    return tuple(
        Mention(
            each.table,
            {name: str(part) for name, part in each.key.items()},
            tuple(each.columns),
            digest=each.digest,
        )
        for each in Trace.objects.filter(pk__in=wanted).order_by("sweep", "number")
    )


def _holds(said: Instructions) -> tuple[Hold, ...]:
    """What staff, or the map, decided to keep."""
    return tuple(Hold(each.name, each.in_full, each.key, each.until) for each in said.keep)
