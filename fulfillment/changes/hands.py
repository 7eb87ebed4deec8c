"""By whose hand a change is made: a connector that can, takes its tasks up by itself; all others are done by people."""

from django.utils.translation import gettext as _

from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeKind, ChangeTask, Hand
from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.changing import Operation
from fulfillment.sources.models import DataSource

# What each kind of change asks of a connector.
OPERATION_OF: dict[ChangeKind, Operation] = {
    ChangeKind.ERASE: Operation.ERASE,
    ChangeKind.CORRECT: Operation.CORRECT,
    ChangeKind.RESTRICT: Operation.RESTRICT,
    ChangeKind.LIFT_RESTRICTION: Operation.LIFT,
    ChangeKind.SUPPRESS: Operation.SUPPRESS,
    ChangeKind.RESTRICT_MEANWHILE: Operation.RESTRICT,
    ChangeKind.LIFT_MEANWHILE: Operation.LIFT,
}


def does_it_by_itself(source: DataSource, kind: ChangeKind) -> bool:
    """Whether the connector of a source makes this kind of change without a person."""
    return source.kind in CONNECTORS and OPERATION_OF[kind] in CONNECTORS.get(source.kind).changes


def begins_by_itself(source: DataSource | None, kind: ChangeKind, instructions: Instructions) -> bool:
    """Whether a source is asked first: where nobody searched, nobody knows what is to be done there."""
    return (
        source is not None
        and instructions.is_something_to_do
        and not instructions.unsearched
        and does_it_by_itself(source, kind)
    )


def owner_of(source: DataSource) -> str:
    """Who looks after a source, as its data map says; empty when it does not."""
    return source.map_in_force.data_map.owner.partition("<")[0].strip()


def by_hand(task: ChangeTask) -> str:
    """Say out loud that a person does it, and who; empty where the source does it by itself."""
    if task.source is None:
        return _("No source can do this by itself: the privacy team sees to it.")
    if task.hand == Hand.CONNECTOR:
        return _("%(source)s does this by itself.") % {"source": task.source.label}
    owner = owner_of(task.source)
    words = {"source": task.source.label, "owner": owner}
    if does_it_by_itself(task.source, ChangeKind(task.kind)):
        return _("%(source)s could not do this by itself; a person does it.") % words
    if owner:
        return _("%(source)s cannot do this by itself yet: %(owner)s does it by hand.") % words
    return _("%(source)s cannot do this by itself yet: whoever looks after it does it by hand.") % words
