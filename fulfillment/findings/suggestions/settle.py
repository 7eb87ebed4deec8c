"""Answer what waits where a decision answers it already: its record stays out, or its words are covered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from django.db.models import Q, QuerySet

from fulfillment.findings.decisions.models import Action, ReviewDecision, Rule, Scope
from fulfillment.findings.models import Finding
from fulfillment.findings.release.edits import Edit
from fulfillment.findings.release.places import from_text, places_at, read_record
from fulfillment.findings.release.plan import RuleAtWork, at_work, takes_out
from fulfillment.findings.store import FindingsLost, blocks_of
from fulfillment.findings.suggestions.models import Answer, Suggestion

AT_ONCE = 1000
Waiting = QuerySet[Suggestion]


def settle(
    finding: Finding, decisions: Sequence[ReviewDecision], *, lines: tuple[int, int] | None = None
) -> None:
    """Answer the open suggestions of a finding, or of some of its records, by decisions that stand.

    In the caller's transaction; what is taken back later is open again.
    """
    waiting = Suggestion.objects.filter(finding=finding, state=Answer.OPEN)
    if lines is not None:
        waiting = waiting.filter(line__range=lines)
    for decision in decisions:
        if decision.scope == Scope.ITEM:
            _by_item(waiting, decision)
    rules = [each for each in decisions if takes_out(each)]
    kept = [each.line for each in decisions if each.line is not None and _keeps_a_record(each)]
    of_rules = waiting.exclude(line__in=kept)
    to_read = [each for each in rules if not _by_kind_alone(of_rules, each)]
    if to_read and of_rules.exists():
        # Where the records are gone nothing of them goes out, and a person may still decide.
        with suppress(FindingsLost):
            _by_reading(of_rules, finding, [at_work(each) for each in to_read])


def _by_item(waiting: Waiting, decision: ReviewDecision) -> None:
    meant = waiting.filter(line=decision.line or 0)
    if decision.place and decision.end is None:
        meant = meant.filter(Q(place=decision.place) | Q(place__startswith=f"{decision.place}."))
    elif decision.place:
        meant = meant.filter(place=decision.place, start__gte=decision.start or 0, end__lte=decision.end)
    _answer(meant, decision)


def _by_kind_alone(waiting: Waiting, decision: ReviewDecision) -> bool:
    """Whether a rule needs no look at the records: it means other people, wherever they stand."""
    means_others = decision.rule == Rule.OTHERS or decision.scope == Scope.COLLECTION
    if not means_others or decision.field:
        return False
    _answer(waiting.filter(kind=decision.kind) if decision.kind else waiting, decision)
    return True


def _by_reading(waiting: Waiting, finding: Finding, rules: Sequence[RuleAtWork]) -> None:
    open_at: dict[int, list[Suggestion]] = defaultdict(list)
    for each in waiting.iterator(chunk_size=AT_ONCE):
        open_at[each.line].append(each)
    answered: dict[UUID, list[UUID]] = defaultdict(list)
    for number, line in _some_lines(finding, open_at):
        record = read_record(line)
        for suggestion in open_at[number]:
            rule = next((each for each in rules if _answers(each, record, suggestion)), None)
            if rule is not None:
                answered[rule.decision.pk].append(suggestion.pk)
    for rule in rules:
        found = answered[rule.decision.pk]
        for first in range(0, len(found), AT_ONCE):
            _answer(waiting.filter(pk__in=found[first : first + AT_ONCE]), rule.decision)


def _some_lines(finding: Finding, wanted: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The records of these numbers, from the page of the first one to the last one."""
    numbers = set(wanted)
    if not numbers:
        return
    last, page = max(numbers), (min(numbers) - 1) // Finding.PAGE_ROWS
    number = page * Finding.PAGE_ROWS
    for block in blocks_of(finding, start=finding.page_offsets[page]):
        for line in block.split(b"\n"):
            number += 1
            if number in numbers:
                yield number, line
        if number >= last:
            return


def _answers(rule: RuleAtWork, record: dict[str, object], suggestion: Suggestion) -> bool:
    """Whether a rule leaves out what a suggestion means."""
    decision = rule.decision
    if decision.rule == Rule.RECORDS:
        return rule.withholds(record)
    place = from_text(suggestion.place)
    if decision.rule == Rule.WORDS:
        return any(_holds(each, place, suggestion) for each in rule.edits(record))
    if decision.rule == Rule.OTHERS and decision.kind not in ("", suggestion.kind):
        return False
    return any(place[: len(way)] == way for way in places_at(record, decision.field))


def _holds(edit: Edit, place: tuple[int, ...], suggestion: Suggestion) -> bool:
    if edit.place != place or suggestion.start is None or suggestion.end is None:
        return False
    return (edit.start or 0) <= suggestion.start and suggestion.end <= (edit.end or 0)


def _keeps_a_record(decision: ReviewDecision) -> bool:
    return decision.scope == Scope.ITEM and decision.action == Action.INCLUDE and not decision.place


def _answer(meant: Waiting, decision: ReviewDecision) -> None:
    meant.update(
        state=Answer.REFUSED if decision.action == Action.INCLUDE else Answer.ACCEPTED,
        decision=decision,
        answered_at=decision.decided_at,
        answered_by=decision.decided_by_id,
    )
