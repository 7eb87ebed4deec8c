"""A look after a change as pages show it: when, what it showed, and what a person may do about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.facts import Fact
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.read_backs.selectors import looks_of
from fulfillment.changes.read_backs.words import seen_in
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class ShownLook:
    """One look: its state in a sentence, one line a collection, and the hash that proves which records were read."""

    row: ReadBackWork
    title: str
    sentence: str
    icon: str
    kind: str
    lines: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    asked: ChangeTask | None
    is_open_question: bool


@dataclass(frozen=True)
class ToldLook:
    """One look in the person's words; `because` says why something stands as it is."""

    source: str
    what: str
    looked_at: datetime | None
    due_at: datetime | None
    agrees: bool | None
    records: int
    because: str = ""


def shown_looks(subject_request: SubjectRequest) -> dict[UUID, list[ShownLook]]:
    """The newest look of each occasion, by change."""
    found: dict[UUID, list[ShownLook]] = {}
    for row in looks_of(subject_request):
        found.setdefault(row.change_id, []).append(shown_look(row))
    return found


def shown_look(row: ReadBackWork) -> ShownLook:
    """One look for a page."""
    sentence, icon, kind = _stands(row)
    facts = row.found
    return ShownLook(
        row=row,
        title=row.get_occasion_display(),
        sentence=sentence,
        icon=icon,
        kind=kind,
        lines=tuple(seen_in(each, label_of(row, each)) for each in facts),
        digests=tuple((label_of(row, each), each.digest) for each in facts if each.digest),
        asked=row.asked if row.asked is not None and row.asked.is_open else None,
        is_open_question=row.is_open_question,
    )


def label_of(row: ReadBackWork, fact: Fact) -> str:
    """A collection in the words of the map."""
    found = row.map_version.data_map.by_name.get(fact.collection)
    return found.label if found else fact.collection


def told_looks(subject_request: SubjectRequest) -> list[ToldLook]:
    """Of each source: when it was read back, whether all is as decided, and when it is looked at again."""
    return [
        ToldLook(
            source=row.change.source.label if row.change.source else "",
            what=row.get_occasion_display(),
            looked_at=row.looked_at,
            due_at=_due(row),
            agrees=row.agrees,
            records=sum(each.rows for each in row.found),
            because=row.stands_because,
        )
        for row in looks_of(subject_request)
    ]


def _due(row: ReadBackWork) -> datetime | None:
    return row.next_attempt_at if row.work_state == WorkState.WAITING else None


def _stands(row: ReadBackWork) -> tuple[str, str, str]:
    if row.stands_at is not None:
        name = row.stands_by.display_name if row.stands_by else ""
        return (
            _("%(name)s lets it stand: %(why)s") % {"name": name, "why": row.stands_because},
            "keep",
            "hold",
        )
    if row.work_state == WorkState.DEAD:
        return _("Nobody could look: %(why)s") % {"why": row.last_error}, "ring-bad", "bad"
    if row.work_state == WorkState.WAITING:
        return _waits(row)
    if row.agrees is None:
        return _("The source cannot show it."), "ring-none", ""
    if row.agrees:
        return _("Reads as decided."), "ring-done", "good"
    if row.asked is not None and row.asked.state == ChangeState.DONE:
        return _("Did not read as decided; a person has mended it since."), "ring-half", "info"
    return _("Does not read as decided."), "ring-bad", "bad"


def _waits(row: ReadBackWork) -> tuple[str, str, str]:
    if row.last_error:
        return _("%(why)s Looked at again by itself.") % {"why": row.last_error}, "ring-bad", "warn"
    if row.is_later:
        return _("Comes by itself on the day below."), "ring-pause", "hold"
    return _("Is being read back in a moment."), "ring-half", "info"
