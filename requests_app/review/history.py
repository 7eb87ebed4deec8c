"""What happened to a case, as the staff read it: words and names in place of codes and keys."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from requests_app.audit import events
from requests_app.audit.actors import ActorKind
from requests_app.audit.selectors import HistoryLine, history_of
from requests_app.identity.base import methods
from requests_app.identity.models import Purpose
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import Channel, IdentityLevel, SubjectRequest
from requests_app.lifecycle.weighed import Verdict
from requests_app.policy.company import COMPANY
from requests_app.reminders.kinds import Level, ReminderKind
from requests_app.review.assign import NOBODY
from requests_app.review.words import regime_name, staff_names

# What staff decided, among everything that is recorded.
DECISIONS = frozenset(
    {
        "request.approved",
        "request.search_repeated",
        "request.review_finished",
        "request.sent_back",
        "request.released",
        "request.copy_taken_back",
        "request.refused",
        "request.forwarded",
        "request.joined",
        "request.answered",
        "request.appeal_upheld",
        "request.appealed",
        "request.taken_up_again",
        "request.deletion_proposed",
        "request.deletion_approved",
        "request.execution_repeated",
        "request.carried_out",
        "request.more_proof_asked",
        "request.question_asked",
        "request.extended",
        "request.regime_chosen",
        "request.acted_at_once",
        "request.weighing_begun",
        "request.granted",
        "request.decision_stands",
        "request.lifting_announced",
        "request.kept_in_force",
        "request.lifted",
        "correction.fields_named",
        "correction.field_decided",
        "objection.purposes_named",
        "objection.purpose_weighed",
        "decision.reviewed",
        "restriction.ground_found",
        "change.done",
        "change.could_not",
        "source.excluded",
        "finding.withheld",
        "finding.included",
    }
)
ICONS = {
    "request": "ring-done",
    "code": "key",
    "proof": "fingerprint",
    "evidence": "eye",
    "message": "message",
    "person": "eye",
    "reminder": "ring-half",
    "run": "database",
    "source": "database",
    "finding": "table",
    "change": "database",
    "bundle": "zip",
    "particulars": "eye",
}
# The words for all values that a fact has in some lines: one question, however many lines there are.
Speaker = Callable[[set[str]], Mapping[str, str]]
# The name of an event, and its facts.
Told = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Happening:
    """One entry of the history."""

    at: datetime
    event: str
    sentence: str
    who: str
    icon: str
    position: int | None


def happenings(subject_request: SubjectRequest, *, only: frozenset[str] | None = None) -> list[Happening]:
    """Return the history of a case, newest first; `only` picks some events."""
    lines = [line for line in history_of(subject_request) if only is None or line.event in only]
    names = staff_names(line.actor_key for line in lines)
    sentences = read_aloud([(line.event, line.facts) for line in lines])
    return [
        Happening(
            at=line.at,
            event=line.event,
            sentence=sentence,
            who=_who(line, names),
            icon=ICONS.get(line.event.partition(".")[0], "ring"),
            position=line.position,
        )
        for line, sentence in zip(lines, sentences, strict=True)
    ]


def read_aloud(told: Sequence[Told]) -> list[str]:
    """The sentences of events with their facts, in which people, sources and laws have the names that staff know."""
    words = {fact: speak(_values(told, fact)) for fact, speak in _speakers.items()}
    return [_sentence(event, facts, words) for event, facts in told]


def speak_of(fact: str, speaker: Speaker) -> None:
    """Say in which words a fact is read; other apps register theirs, once, from their `ready`."""
    _speakers[fact] = speaker


def _sentence(event: str, facts: Mapping[str, object], words: Mapping[str, Mapping[str, str]]) -> str:
    if event == "request.assigned" and facts.get("assignee") == NOBODY:
        return _("The request was taken from its owner.")
    return events.sentence_for(event, {fact: _said(fact, value, words) for fact, value in facts.items()})


def _said(fact: str, value: object, words: Mapping[str, Mapping[str, str]]) -> object:
    known = words.get(fact, {})
    if isinstance(value, list):
        return ", ".join(known.get(each, each) for each in value)
    return known.get(str(value), value)


def _values(told: Iterable[Told], fact: str) -> set[str]:
    found: set[str] = set()
    for _event, facts in told:
        value = facts.get(fact)
        found |= set(value) if isinstance(value, list) else {str(value)} if value else set()
    return found


def _who(line: HistoryLine, names: Mapping[str, str]) -> str:
    if line.actor_kind == ActorKind.STAFF:
        return names.get(line.actor_key, _("A former member of staff"))
    if line.actor_kind == ActorKind.SUBJECT:
        return _("The person")
    if line.actor_kind == ActorKind.OWNER:
        return _("Whoever answers for the source")
    return _("By itself")


_speakers: dict[str, Speaker] = {
    "assignee": staff_names,
    "channel": lambda _values: {str(value): str(label).lower() for value, label in Channel.choices},
    "right": lambda _values: {code: str(each.short_label).lower() for code, each in RIGHTS.items()},
    "regime": lambda values: {value: regime_name(value) for value in values},
    "purpose": lambda _values: {str(value): str(label).lower() for value, label in Purpose.choices},
    "item": lambda _values: {each.key: each.label.lower() for each in COMPANY.purposes},
    "verdict": lambda _values: {str(value): str(label).lower() for value, label in Verdict.choices},
    "decision": lambda _values: {"accept": _("accepted"), "reject": _("rejected")},
    "ground": lambda values: {value: value.replace("_", " ") for value in values},
    "reminder": lambda _values: {str(value): str(label).lower() for value, label in ReminderKind.choices},
    "told": lambda _values: {str(value): str(label).lower() for value, label in Level.choices},
    "method": lambda _values: {each.key: str(each.label).lower() for each in methods()},
    "level": lambda _values: {each.name.lower(): str(each.label).lower() for each in IdentityLevel},
    "notice": lambda values: {value: value.replace("_", " ") for value in values},
}
