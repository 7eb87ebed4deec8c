"""A change as a page shows it: words for its codes, and nothing personal unless it may be seen."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from fulfillment.changes.by_connector.shown import ShownWork, shown_work
from fulfillment.changes.dry_run import recipient_labels
from fulfillment.changes.hands import by_hand
from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.owners.models import OwnerTask
from fulfillment.owners.selectors import why_not_reached
from requests_app.policy.company import COMPANY
from requests_app.review.masking import masked_name


@dataclass(frozen=True)
class Awaited:
    """Whoever answers for a source and was asked to make a change there; `not_reached` says why a mail failed."""

    task: OwnerTask
    not_reached: str


LOOKS: dict[ChangeState, tuple[str, str]] = {
    ChangeState.OPEN: ("ring", "info"),
    ChangeState.DONE: ("ring-done", "good"),
    ChangeState.COULD_NOT: ("ring-bad", "bad"),
    ChangeState.CANCELLED: ("ring-skip", ""),
}


@dataclass(frozen=True)
class ShownChange:
    """One change: where, what, by whom, and how it stands."""

    task: ChangeTask
    source: str
    what: str
    hand: str
    state: str
    icon: str
    kind: str
    who: str
    instructions: Instructions
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    work: ShownWork | None = None

    @property
    def rows_changed(self) -> int:
        """How many records are changed, also where the change as a whole has no end yet."""
        return self.task.records_changed or (self.work.made_rows if self.work else 0)


def awaited(task: OwnerTask | None) -> Awaited | None:
    """Return who is waited for; None where nobody was asked, or whoever was has answered."""
    return Awaited(task, why_not_reached(task)) if task is not None and task.is_open else None


def shown(task: ChangeTask, *, at: datetime, openly: bool = False) -> ShownChange:
    """Return a change for a page; the person's own words are covered unless they may be seen `openly`."""
    state = ChangeState(task.state)
    icon, kind = LOOKS[state]
    instructions = task.instructions
    labels = {each.key: each.label for each in COMPANY.purposes}
    return ShownChange(
        task=task,
        source=task.source.label if task.source else _("Privacy team"),
        what=_sentence(ChangeKind(task.kind), instructions),
        hand=by_hand(task),
        state=str(state.label),
        icon=icon,
        kind=kind,
        who=_who(task),
        instructions=instructions if openly else _covered(instructions),
        purposes=tuple(labels.get(key, key) for key in instructions.purposes),
        recipients=recipient_labels(instructions.recipients),
        work=shown_work(task, at=at),
    )


def _sentence(kind: ChangeKind, instructions: Instructions) -> str:
    if kind is ChangeKind.ERASE and instructions.unsearched:
        return _("Look by hand for everything about this person and erase it: this source was not searched.")
    if kind is ChangeKind.ERASE and not instructions.collections:
        return _("The search found nothing to erase. Make sure that this is so.")
    return {
        ChangeKind.ERASE: _("Erase these records, so that nobody can bring them back."),
        ChangeKind.CORRECT: _("Put this right, and whatever was made from it."),
        ChangeKind.RESTRICT: _("Mark these records so that they are stored and not used for anything else."),
        ChangeKind.LIFT_RESTRICTION: _("Take the mark away: these records may be used again."),
        ChangeKind.SUPPRESS: _("Stop using these records for the purposes named here, for good."),
        ChangeKind.RESTRICT_MEANWHILE: _(
            "Mark these records so that they are not used until the decision; this is disputed."
        ),
        ChangeKind.LIFT_MEANWHILE: _(
            "Take the mark away that was set while it was weighed; what is to be corrected is corrected first."
        ),
    }[kind]


def _who(task: ChangeTask) -> str:
    if task.ended_by:
        return task.ended_by.display_name
    if task.assignee:
        return task.assignee.display_name
    if task.hand == Hand.OWNER:
        return str(Hand.OWNER.label)
    if task.hand == Hand.CONNECTOR:
        return task.source.label if task.source else ""
    return _("Nobody yet") if task.is_open else ""


def _covered(instructions: Instructions) -> Instructions:
    fields = tuple(
        each.model_copy(update={"wrong": masked_name(each.wrong), "right": masked_name(each.right)})
        for each in instructions.fields
    )
    wish = masked_name(instructions.wish) if instructions.wish else ""
    keep = tuple(
        each.model_copy(update={"key": {name: masked_name(value) for name, value in each.key.items()}})
        if each.key
        else each
        for each in instructions.keep
    )
    return instructions.model_copy(update={"fields": fields, "wish": wish, "keep": keep})
