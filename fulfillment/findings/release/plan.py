"""The decisions about one finding, put in order: what is withheld, what is covered, which rules run."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fulfillment.findings.decisions.models import Action, ReviewDecision, Rule, Scope, Test
from fulfillment.findings.release.edits import Edit
from fulfillment.findings.release.numbers import NumbersAtWork
from fulfillment.findings.release.places import from_text, leaves_of, places_at, value_in

# What in a record is somebody else's, as edits without a reason.
Finder = Callable[[dict[str, Any]], Iterable[Edit]]


def nobody_else(_record: dict[str, Any]) -> Iterable[Edit]:
    """A finder for decisions that look for nobody."""
    return ()


@dataclass
class Plan:
    """What to do with the records of one finding, by their numbers; a plan without anything touches none."""

    withheld: dict[int, str] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    covered: dict[int, list[Edit]] = field(default_factory=dict)
    spared: dict[int, list[Edit]] = field(default_factory=dict)
    rules: list["RuleAtWork | NumbersAtWork"] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether every record goes out as it is."""
        return not (self.withheld or self.covered or self.rules)

    def reason_to_withhold(self, number: int, record: dict[str, Any]) -> str:
        """The reason for which a rule leaves a record out; empty when none does."""
        if number in self.kept:
            return ""
        return next((rule.reason_code for rule in self.rules if rule.withholds(record)), "")

    def edits(self, number: int, record: dict[str, Any]) -> list[Edit]:
        """What changes in a record: the words of its own decisions, and of rules where nobody spared them."""
        own = self.covered.get(number, [])
        if number in self.kept:
            return own
        spared = self.spared.get(number, ())
        by_rule = (edit for rule in self.rules for edit in rule.edits(record))
        return [*own, *(edit for edit in by_rule if not any(each.meets(edit) for each in spared))]


@dataclass(frozen=True)
class RuleAtWork:
    """One rule: what it takes out of a record, or whether it leaves the record out."""

    decision: ReviewDecision
    find: Finder
    value: str = field(repr=False)
    words: "re.Pattern[str]" = field(repr=False)

    @property
    def reason_code(self) -> str:
        """The law's reason."""
        return self.decision.reason_code

    def withholds(self, record: dict[str, Any]) -> bool:
        """Whether a record is one of those that the rule leaves out."""
        if self.decision.rule != Rule.RECORDS:
            return False
        said = [str(each).casefold() for each in _said(record, self.decision.field)]
        if self.decision.test == Test.IS:
            return self.value in said
        return any(self.value in each for each in said)

    def edits(self, record: dict[str, Any]) -> Iterator[Edit]:
        """What the rule takes out."""
        rule, only = self.decision.rule, self.decision.field
        if rule == Rule.FIELD:
            is_dropped = self.decision.action == Action.WITHHOLD
            for place in places_at(record, only):
                yield Edit(place, "", self.reason_code, is_dropped=is_dropped)
        elif rule == Rule.WORDS:
            yield from self._words(record, only)
        elif rule == Rule.OTHERS or self.decision.scope == Scope.COLLECTION:
            yield from self._others(record, only)

    def _words(self, record: dict[str, Any], only: str) -> Iterator[Edit]:
        for leaf in leaves_of(record):
            if _lies_in(leaf.path, only) and isinstance(leaf.value, str | int):
                for hit in self.words.finditer(str(leaf.value)):
                    yield Edit(leaf.place, "", self.reason_code, hit.start(), hit.end())

    def _others(self, record: dict[str, Any], only: str) -> Iterator[Edit]:
        ways = places_at(record, only) if only else []
        for found in self.find(record):
            if self.decision.kind and found.kind != self.decision.kind:
                continue
            if only and not any(found.place[: len(way)] == way for way in ways):
                continue
            yield Edit(found.place, found.kind, self.reason_code, found.start, found.end)


def plan_of(
    decisions: Iterable[ReviewDecision],
    *,
    find: Finder = nobody_else,
    numbers: frozenset[str] = frozenset(),
) -> Plan:
    """The plan of one finding; of two decisions about the very same place the newer one counts.

    `numbers` are the fields with the person's own account numbers, which leave by their last signs.
    """
    plan = Plan()
    if numbers:
        plan.rules.append(NumbersAtWork(numbers))
    for decision in decisions:
        if decision.scope == Scope.ITEM and decision.line is not None:
            _take_item(plan, decision, decision.line)
        elif takes_out(decision):
            plan.rules.append(at_work(decision, find))
    return plan


def takes_out(decision: ReviewDecision) -> bool:
    """Whether a decision works record by record as a rule that leaves something out."""
    if decision.scope == Scope.RULE:
        return decision.action != Action.INCLUDE
    return decision.scope == Scope.COLLECTION and decision.action == Action.REDACT


def _take_item(plan: Plan, decision: ReviewDecision, line: int) -> None:
    if not decision.place:
        plan.withheld.pop(line, None)
        plan.kept.discard(line)
        if decision.action == Action.WITHHOLD:
            plan.withheld[line] = decision.reason_code
        else:
            plan.kept.add(line)
        return
    edit = Edit(from_text(decision.place), decision.kind, decision.reason_code, decision.start, decision.end)
    if decision.action == Action.REDACT:
        plan.covered.setdefault(line, []).append(edit)
        _drop(plan.spared, line, edit)
    else:
        plan.spared.setdefault(line, []).append(edit)
        _drop(plan.covered, line, edit)


def _drop(among: dict[int, list[Edit]], line: int, edit: Edit) -> None:
    """Take out what the newer decision answers."""
    left = [each for each in among.get(line, []) if not edit.meets(each)]
    if left:
        among[line] = left
    else:
        among.pop(line, None)


def at_work(decision: ReviewDecision, find: Finder = nobody_else) -> RuleAtWork:
    """A rule with what it looks for made ready."""
    value = decision.value.strip()
    words = r"\s+".join(re.escape(word) for word in value.split())
    return RuleAtWork(decision, find, value.casefold(), re.compile(words or r"(?!)", re.IGNORECASE))


def _said(record: dict[str, Any], path: str) -> Iterator[Any]:
    for place in places_at(record, path):
        value = value_in(record, place)
        if isinstance(value, dict | list):
            yield from (leaf.value for leaf in leaves_of({"": value}))
        elif value is not None:
            yield value


def _lies_in(path: str, only: str) -> bool:
    return not only or path == only or path.startswith(f"{only}.")
