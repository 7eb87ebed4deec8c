"""Ask whoever answers for a source to make a change there, where the source is one that a person answers for."""

from collections.abc import Iterable
from datetime import datetime

from fulfillment.changes.models import ChangeTask
from fulfillment.changes.rehearsals.look import map_searched_by
from fulfillment.connectors.query import Identity
from fulfillment.identities.selectors import query_for
from fulfillment.owners.ask import Asked, ask_owner
from fulfillment.owners.models import Purpose
from fulfillment.sources.connection import open_connector
from requests_app.audit.actors import Actor


def ask_owners(tasks: Iterable[ChangeTask], *, by: Actor, at: datetime) -> int:
    """Write to the owner of each change that is for a person of such a source; in the caller's transaction."""
    return sum(_asked(task, by=by, at=at) for task in tasks if task.is_for_a_person)


def _asked(task: ChangeTask, *, by: Actor, at: datetime) -> bool:
    source = task.source
    owner = open_connector(source).answered_by if source is not None else None
    if source is None or owner is None:
        return False
    version = map_searched_by(task.subject_request, source)
    query, kinds = query_for(task.subject_request), version.data_map.identity_kinds
    identities = tuple(Identity(kind, value) for kind in sorted(kinds) for value in query.values(kind))
    asked = Asked(task.owner_key, Purpose.CHANGE, task.subject_request, source, version)
    ask_owner(asked, owner, identities, by=by, at=at)
    return True
