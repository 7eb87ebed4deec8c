"""Say what would go, kind by kind and request by request, and let nothing go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from requests_app.retention.base import Kept, Stage, kinds
from requests_app.retention.due import Due, due_requests

_AT_ONCE = 200


@dataclass
class Line:
    """How many things of one kind would go, and of which requests; `label` and `goes` are the kind's own words."""

    key: str
    label: str
    goes: str
    when: str
    count: int = 0
    references: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HeldRequest:
    """A request whose day has come and that does not go, with the reason."""

    reference: str
    stage: str
    day: date
    why: str


@dataclass(frozen=True)
class Rehearsal:
    """What a run at this moment would do."""

    at: datetime
    lines: tuple[Line, ...]
    held: tuple[HeldRequest, ...]
    requests: tuple[str, ...]


def rehearse(*, at: datetime) -> Rehearsal:
    """Go through everything as a run would. Nothing is changed."""
    members = dict(kinds())
    lines = {key: _line(key, kind) for key, kind in members.items()}
    held: list[HeldRequest] = []
    purged: list[str] = []
    found_for: set[object] = set()
    for stage in Stage:
        for batch in _in_parts(due_requests(stage, at=at)):
            held += [_held(due) for due in batch if due.held]
            going = [due for due in batch if not due.held]
            _count(lines, members, going, stage, found_for)
            if stage is Stage.RECORD:
                purged += [due.subject_request.reference for due in going]
    _own_days(lines, members, going_whole=frozenset(purged), at=at)
    return Rehearsal(at, tuple(lines.values()), tuple(held), tuple(purged))


def _in_parts(found: Iterator[Due]) -> Iterator[list[Due]]:
    while part := list(islice(found, _AT_ONCE)):
        yield part


def _count(
    lines: dict[str, Line],
    members: dict[str, Kept],
    going: Iterable[Due],
    stage: Stage,
    found_for: set[object],
) -> None:
    named = {due.subject_request.pk: due.subject_request.reference for due in going}
    for key, kind in members.items():
        if kind.stage is None or (kind.stage is not stage and stage is Stage.FINDINGS):
            continue
        # What was found goes with the record only where it did not go before.
        wanted = [each for each in named if kind.stage is stage or each not in found_for]
        counted = kind.count(wanted)
        lines[key].count += sum(counted.values())
        lines[key].references += [named[each] for each in wanted if counted.get(each)]
    if stage is Stage.FINDINGS:
        found_for.update(named)


def _own_days(
    lines: dict[str, Line], members: dict[str, Kept], *, going_whole: frozenset[str], at: datetime
) -> None:
    for key, kind in members.items():
        if kind.own_day is not None:
            found = kind.own_day.find(at)
            # What goes with its request is counted there.
            with_it = [each for each in found.references if kind.stage and each in going_whole]
            lines[key].count += found.count - len(with_it)
            named = dict.fromkeys(each for each in found.references if each not in lines[key].references)
            lines[key].references += named


def _line(key: str, kind: Kept) -> Line:
    return Line(key, str(kind.label), str(kind.goes), when_of(kind))


def when_of(kind: Kept) -> str:
    """When a kind goes, in words."""
    own = str(kind.own_day.says) if kind.own_day else ""
    return " · ".join(each for each in (own, kind.stage.when if kind.stage else "") if each)


def _held(due: Due) -> HeldRequest:
    return HeldRequest(due.subject_request.reference, due.stage.label, due.day, due.held)
