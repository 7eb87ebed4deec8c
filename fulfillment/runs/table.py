"""The sources of a run as rows of a table: where each stands, in words and with its ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.owners.models import OwnerTask
from fulfillment.owners.selectors import tasks_by_key, why_not_reached
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import Progress
from fulfillment.runs.states import SourceState
from fulfillment.runs.time_left import time_left
from fulfillment.sources.shown import kind_label
from fulfillment.sources.time_left import in_words

LOOKS: dict[SourceState, tuple[str, str]] = {
    SourceState.WAITING: ("ring-pause", "hold"),
    SourceState.SEARCHING: ("ring-half", "info"),
    SourceState.ASKED: ("ring-pause", "hold"),
    SourceState.RETRYING: ("ring-bad", "warn"),
    SourceState.FOUND: ("ring-done", "good"),
    SourceState.NONE_FOUND: ("ring-none", ""),
    SourceState.FAILED: ("ring-bad", "bad"),
    SourceState.EXCLUDED: ("ring-skip", ""),
    SourceState.CANCELLED: ("ring-skip", ""),
}


@dataclass(frozen=True)
class SourceRow:
    """One source of a run as the page draws it; `trouble` is the connector's own sentence."""

    task: SourceTask
    label: str
    about: str
    state: str
    icon: str
    kind: str
    trouble: str
    attempts: str
    when: str
    asked: OwnerTask | None = None

    @property
    def note(self) -> str:
        """What whoever was asked has said about their answer."""
        return self.asked.note if self.asked else ""

    @property
    def waits_for_an_owner(self) -> bool:
        """Whether somebody was asked who has not answered: somebody else may be."""
        return self.asked is not None and self.asked.is_open

    @property
    def needs_a_person(self) -> bool:
        """Whether a person may try again or leave the source out."""
        return self.task.source_state in (SourceState.FAILED, SourceState.RETRYING)


def source_rows(progress: Progress) -> Sequence[SourceRow]:
    """Return every source of a run as a row, in the order of the plan."""
    keys = [task.owner_key for task in progress.tasks]
    asked = tasks_by_key(keys)
    return [_row(task, asked.get(task.owner_key)) for task in progress.tasks]


def _row(task: SourceTask, asked: OwnerTask | None) -> SourceRow:
    state = task.source_state
    icon, kind = LOOKS[state]
    return SourceRow(
        task=task,
        label=task.source.label,
        about=_about(task),
        state=_in_words(task, state),
        icon=icon,
        kind=kind,
        trouble=_trouble(task, state, asked),
        attempts=str(task.attempts or "") if state is not SourceState.WAITING else "",
        when=_when(task, state, asked),
        asked=asked,
    )


def _trouble(task: SourceTask, state: SourceState, asked: OwnerTask | None) -> str:
    if state is SourceState.ASKED and asked is not None and (why := why_not_reached(asked)):
        return _("Our mail to them could not be delivered. %(why)s") % {"why": why}
    if state in (SourceState.FAILED, SourceState.RETRYING):
        return task.last_error
    rests_until = task.source.rests_until
    if state is SourceState.WAITING and rests_until is not None and rests_until > timezone.now():
        words = {"count": task.source.failures_in_row, "time": _clock_time(rests_until)}
        return _("The source failed %(count)s times in a row and is left alone until %(time)s.") % words
    return ""


def _about(task: SourceTask) -> str:
    collections = len(task.map_version.data_map.collections)
    counted = ngettext("%(count)s collection", "%(count)s collections", collections) % {"count": collections}
    return f"{kind_label(task.source.kind)}, {counted}"


def _in_words(task: SourceTask, state: SourceState) -> str:
    if state is SourceState.FOUND:
        return _("Found %(rows)s") % {"rows": f"{task.rows_seen:,}"}
    if state is SourceState.SEARCHING and task.rows_seen and task.rows_expected:
        counts = {"rows": f"{task.rows_seen:,}", "expected": f"{task.rows_expected:,}"}
        return _("Searching: %(rows)s of about %(expected)s") % counts
    if state is SourceState.SEARCHING and task.rows_seen:
        return _("Searching: %(rows)s so far") % {"rows": f"{task.rows_seen:,}"}
    if state is SourceState.ASKED:
        return _("Waiting for %(name)s") % {"name": task.waits_for}
    if state is SourceState.EXCLUDED:
        return _("Excluded: %(reason)s") % {"reason": task.excluded_because}
    return str(state.label)


def _when(task: SourceTask, state: SourceState, asked: OwnerTask | None) -> str:
    if state is SourceState.SEARCHING:
        left = time_left(task, at=timezone.now())
        return _("now") if left is None else in_words(left)
    if state is SourceState.ASKED and asked is not None:
        return _("by %(time)s") % {"time": _clock_time(asked.answer_by)}
    if state is SourceState.RETRYING:
        return _("again at %(time)s") % {"time": _clock_time(task.next_attempt_at)}
    return _clock_time(task.ended_at) if task.ended_at else ""


def _clock_time(moment: datetime) -> str:
    moment = timezone.localtime(moment)
    is_today = moment.date() == timezone.localdate()
    return date_format(moment, "H:i:s" if is_today else "j M, H:i")
