"""How a source's own work on a change stands, in words for a page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.progress import how_far, is_at_work
from fulfillment.changes.models import ChangeKind, ChangeTask, Hand
from fulfillment.connectors.changing import ChangeReceipt, How, Kept, NotTaken, Replaced
from requests_app.leases.models import WorkState


@dataclass(frozen=True)
class MadeLine:
    """Records of one collection that are changed already though the change as a whole is not."""

    label: str
    rows: int


@dataclass(frozen=True)
class ShownFiles:
    """The files that a source without transactions replaces one after another: how many of them are."""

    done: int
    objects: tuple[Replaced, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return len(self.objects)


@dataclass(frozen=True)
class ShownWork:
    """What the source does, or why it does not; `sentence` is empty once a person has ended the change.

    `not_taken` are words of others' records that stay; `files` is None where nothing is replaced file by file.
    """

    sentence: str
    icon: str
    kind: str
    reasons: tuple[str, ...]
    kept: tuple[Kept, ...]
    made: tuple[MadeLine, ...]
    may_try_again: bool
    may_take_over: bool
    may_pick: bool
    # Whether the page asks again by itself how far it is.
    is_running: bool
    not_taken: tuple[NotTaken, ...] = ()
    files: ShownFiles | None = None

    @property
    def made_rows(self) -> int:
        """How many records are changed already."""
        return sum(each.rows for each in self.made)


def shown_work(task: ChangeTask, *, at: datetime) -> ShownWork | None:
    """The work of the source on a change; None where a person does it from the start."""
    row: SourceChange | None = getattr(task, "by_connector", None)
    if row is None:
        return None
    at_work = is_at_work(row, at=at)
    by_hand = task.is_open and task.hand == Hand.PERSON and row.work_state == WorkState.DEAD
    picks = by_hand and task.kind == ChangeKind.CORRECT and row.noted is None
    receipt = row.receipt
    sentence, icon, kind = _stands(task, row, at, at_work=at_work)
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
        is_running=task.is_open and task.hand == Hand.CONNECTOR and row.is_waiting,
        not_taken=receipt.not_taken if receipt else (),
        files=_files(receipt or row.made),
    )


def _files(receipt: ChangeReceipt | None) -> ShownFiles | None:
    if receipt is None or not receipt.objects:
        return None
    return ShownFiles(receipt.objects_done, receipt.objects)


def _made(row: SourceChange) -> tuple[MadeLine, ...]:
    made, collections = row.made, row.map_version.data_map
    if made is None:
        return ()
    own = (each for each in made.lines if each.how is not How.REDACT)
    return tuple(MadeLine(collections.collection(each.collection).label, each.rows) for each in own)


def _stands(task: ChangeTask, row: SourceChange, at: datetime, *, at_work: bool) -> tuple[str, str, str]:
    if not task.is_open:
        return "", "", ""
    if task.hand == Hand.PERSON:
        return _("The source could not do it by itself."), "ring-bad", "bad"
    if at_work:
        return how_far(row, at=at), "ring-half", "info"
    if (rest := _rest(task, at)) is not None:
        return rest, "ring-pause", "hold"
    if row.last_error:
        words = {"why": row.last_error, "time": _clock_time(row.next_attempt_at)}
        return _("%(why)s Tried again by itself at %(time)s.") % words, "ring-bad", "warn"
    return _("The source does it by itself in a moment."), "ring-pause", "hold"


def _rest(task: ChangeTask, at: datetime) -> str | None:
    """That the source is left alone, whoever it failed."""
    source = task.source
    if source is None or source.rests_until is None or source.rests_until <= at:
        return None
    words = {"count": source.failures_in_row, "time": _clock_time(source.rests_until)}
    return _("The source failed %(count)s times in a row and is left alone until %(time)s.") % words


def _clock_time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M, H:i")
