"""How a source's own work on a change stands, in words for a page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeKind, ChangeTask, Hand
from fulfillment.connectors.changing import Kept
from requests_app.leases.models import WorkState


@dataclass(frozen=True)
class MadeLine:
    """Records of one collection that are changed already though the change as a whole is not."""

    label: str
    rows: int


@dataclass(frozen=True)
class ShownWork:
    """What the source does, or why it does not; `sentence` is empty once a person has ended the change."""

    sentence: str
    icon: str
    kind: str
    reasons: tuple[str, ...]
    kept: tuple[Kept, ...]
    made: tuple[MadeLine, ...]
    may_try_again: bool
    may_take_over: bool
    may_pick: bool

    @property
    def made_rows(self) -> int:
        """How many records are changed already."""
        return sum(each.rows for each in self.made)


def shown_work(task: ChangeTask) -> ShownWork | None:
    """The work of the source on a change; None where a person does it from the start."""
    row: SourceChange | None = getattr(task, "by_connector", None)
    if row is None:
        return None
    at_work = row.work_state == WorkState.WAITING and row.leased_until is not None
    by_hand = task.is_open and task.hand == Hand.PERSON and row.work_state == WorkState.DEAD
    picks = by_hand and task.kind == ChangeKind.CORRECT and row.noted is None
    receipt = row.receipt
    sentence, icon, kind = _stands(task, row, at_work=at_work)
    return ShownWork(
        sentence=sentence,
        icon=icon,
        kind=kind,
        reasons=row.reasons if by_hand else (),
        kept=receipt.kept if receipt else (),
        made=_made(row),
        may_try_again=by_hand and not (picks and not row.picks),
        may_take_over=task.is_open and task.hand == Hand.CONNECTOR and not at_work and row.noted is None,
        may_pick=picks,
    )


def _made(row: SourceChange) -> tuple[MadeLine, ...]:
    made, collections = row.made, row.map_version.data_map
    if made is None:
        return ()
    return tuple(MadeLine(collections.collection(each.collection).label, each.rows) for each in made.lines)


def _stands(task: ChangeTask, row: SourceChange, *, at_work: bool) -> tuple[str, str, str]:
    if not task.is_open:
        return "", "", ""
    if task.hand == Hand.PERSON:
        return _("The source could not do it by itself."), "ring-bad", "bad"
    if at_work:
        return _("The source is at it now."), "ring-half", "info"
    if row.last_error:
        words = {"why": row.last_error, "time": _clock_time(row.next_attempt_at)}
        return _("%(why)s Tried again by itself at %(time)s.") % words, "ring-bad", "warn"
    return _("The source does it by itself in a moment."), "ring-pause", "hold"


def _clock_time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M, H:i")
