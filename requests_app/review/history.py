"""What happened to a case, as the staff read it: sentences with names in place of keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from requests_app.audit.actors import ActorKind
from requests_app.audit.selectors import HistoryLine, history_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.assign import NOBODY
from requests_app.review.words import staff_names

# What staff decided, among everything that is recorded.
DECISIONS = frozenset(
    {
        "request.approved",
        "request.search_repeated",
        "request.review_finished",
        "request.sent_back",
        "request.released",
        "request.refused",
        "source.excluded",
        "finding.withheld",
        "finding.included",
    }
)
ICONS = {
    "request": "ring-done",
    "code": "key",
    "message": "message",
    "person": "eye",
    "run": "database",
    "source": "database",
    "finding": "table",
    "bundle": "zip",
}


@dataclass(frozen=True)
class Happening:
    """One entry of the history; `who` is empty where the sentence says it all."""

    at: datetime
    event: str
    sentence: str
    who: str
    icon: str
    position: int | None


def happenings(subject_request: SubjectRequest, *, only: frozenset[str] | None = None) -> list[Happening]:
    """Return the history of a case, newest first; `only` picks some events."""
    lines = [line for line in history_of(subject_request) if only is None or line.event in only]
    return _named(lines)


def _named(lines: Iterable[HistoryLine]) -> list[Happening]:
    lines = list(lines)
    names = staff_names([line.actor_key for line in lines] + [_last_word(line) for line in lines])
    return [
        Happening(
            at=line.at,
            event=line.event,
            sentence=_with_names(line, names),
            who=_who(line, names),
            icon=ICONS.get(line.event.partition(".")[0], "ring"),
            position=line.position,
        )
        for line in lines
    ]


def _last_word(line: HistoryLine) -> str:
    return line.sentence.rstrip(".").rpartition(" ")[2]


def _with_names(line: HistoryLine, names: dict[str, str]) -> str:
    key = _last_word(line)
    if key in names:
        return line.sentence.replace(key, names[key])
    # "given to nobody." reads like a person called nobody.
    return _("The request was taken from its owner.") if line.event == "request.assigned" and key == NOBODY else line.sentence


def _who(line: HistoryLine, names: dict[str, str]) -> str:
    if line.actor_kind == ActorKind.STAFF:
        return names.get(line.actor_key, _("A former member of staff"))
    if line.actor_kind == ActorKind.SUBJECT:
        return _("The person")
    return _("By itself")
