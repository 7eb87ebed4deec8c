"""Ideas met in sentences → rights, how sure, on which words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from requests_app.intake.email.understanding.articles import Cited
from requests_app.intake.email.understanding.load import rules
from requests_app.intake.email.understanding.matching import Hit
from requests_app.intake.email.understanding.vocabulary import AskedRight, Idea, Rule

# Ideas of one rule stand this near each other, in words or in characters of scripts without blanks.
REACH = 30
REACH_UNSPACED = 80
# "Do not delete": the negation stands this near the word it negates.
REACH_OF_NEGATION = 3
NEGATED = {
    Idea.SHOW,
    Idea.CORRECT,
    Idea.DELETE,
    Idea.TRANSFER,
    Idea.RESTRICT,
    Idea.DELETION_NAMED,
    Idea.ACCESS_NAMED,
}
ONES_OWN = {Idea.MY_DATA, Idea.ACCOUNT, Idea.DETAIL}
# A list of facts, as article 15 has it, names the other rights without asking for them.
ONLY_NAMED = 0.15
A_LIST = 2
NEVER_ONLY_NAMED = {
    AskedRight.ACCESS,
    AskedRight.THIRD_PARTY_LIST,
    AskedRight.CONFIRMATION,
    AskedRight.NOMINATE,
}
ACROSS_SENTENCES = 0.65
COMPANY_SPEAKING = 0.4
IN_SUBJECT = 0.35
COVERED = 0.45
OUTWEIGHED = 0.25
SURE = 0.6
NAMED = 0.85

RuleOfRight = tuple[AskedRight, Rule]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule that holds, and the first and last of the words it holds on."""

    rule: str
    first: int
    last: int
    sentence: int
    weight: float
    is_cited: bool = False


@dataclass(slots=True)
class Weighed:
    """What speaks for one right."""

    right: AskedRight
    evidence: dict[str, Evidence] = field(default_factory=dict)
    factor: float = 1.0

    def add(self, found: Evidence) -> None:
        """Keep the strongest evidence of each rule."""
        known = self.evidence.get(found.rule)
        if known is None or found.weight > known.weight:
            self.evidence[found.rule] = found

    @property
    def confidence(self) -> float:
        """How sure, from 0 to 1: independent signs add up."""
        doubt = 1.0
        for found in self.evidence.values():
            doubt *= 1 - min(found.weight, 0.95)
        return (1 - doubt) * min(self.factor, 1.0)

    @property
    def rank(self) -> float:
        """What the rights of one letter are ordered by: beyond certainty, more signs still count."""
        in_subject = IN_SUBJECT if any(found.sentence == 0 for found in self.evidence.values()) else 0
        return (sum(found.weight for found in self.evidence.values()) + in_subject) * self.factor


def weigh(hits: Sequence[Hit], cited: Sequence[Cited], *, unspaced: bool) -> list[Weighed]:
    """Return the rights that something speaks for, best first."""
    found = {right: Weighed(right) for right in AskedRight}
    reach = REACH_UNSPACED if unspaced else REACH
    sentences = _sentences(hits)
    letter = frozenset(hit.idea for hit in hits)
    may_hold = [(right, rule) for right, rule in _every_rule() if rule.may_hold(letter)]
    for number, ideas in sentences.items():
        for right, evidence in _held(may_hold, ideas, reach):
            found[right].add(evidence)
        for right, evidence in _held_across(may_hold, ideas, sentences.get(number + 1, {}), reach):
            found[right].add(evidence)
    for each in cited:
        found[each.right].add(
            Evidence(
                f"{each.law} {each.right}", each.first, each.last, each.sentence, each.weight, is_cited=True
            )
        )
    weighed = [each for each in found.values() if each.evidence]
    if _is_company_speaking(hits):
        for one in weighed:
            one.factor = COMPANY_SPEAKING
    return _ordered(weighed)


def _is_company_speaking(hits: Sequence[Hit]) -> bool:
    """Whether a company addresses its customers: two such turns, or one where nobody speaks of their own."""
    turns = sum(1 for hit in hits if hit.idea == Idea.COMPANY_VOICE)
    return turns > 1 or (turns == 1 and all(hit.idea not in ONES_OWN for hit in hits))


def _sentences(hits: Sequence[Hit]) -> Mapping[int, dict[str, list[Hit]]]:
    found: dict[int, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
    for hit in hits:
        found[hit.sentence][hit.idea].append(hit)
    return found


def _held(
    may_hold: Sequence[RuleOfRight], ideas: Mapping[str, list[Hit]], reach: int
) -> Iterator[tuple[AskedRight, Evidence]]:
    """The rules that hold in one sentence."""
    for right, rule in _rules_for(may_hold, ideas):
        evidence = _evidence(right, rule, ideas, reach)
        if evidence:
            yield right, evidence


def _held_across(
    may_hold: Sequence[RuleOfRight],
    ideas: Mapping[str, list[Hit]],
    following: Mapping[str, list[Hit]],
    reach: int,
) -> Iterator[tuple[AskedRight, Evidence]]:
    """The rules that hold in two sentences together: "My data is still there. Please remove it." """
    if not following:
        return
    both = {idea: [*ideas.get(idea, ()), *following.get(idea, ())] for idea in (*ideas, *following)}
    for right, rule in _rules_for(may_hold, both):
        if rule.needs <= ideas.keys() or rule.needs <= following.keys():
            continue
        evidence = _evidence(right, rule, both, reach)
        if evidence:
            yield right, replace(evidence, weight=evidence.weight * ACROSS_SENTENCES)


def _rules_for(may_hold: Sequence[RuleOfRight], ideas: Mapping[str, list[Hit]]) -> Iterator[RuleOfRight]:
    met = ideas.keys()
    for right, rule in may_hold:
        if rule.needs <= met and met.isdisjoint(rule.without):
            yield right, rule


@cache
def _every_rule() -> tuple[RuleOfRight, ...]:
    return tuple((right, rule) for right, of_right in rules().rights.items() for rule in of_right.rules)


def _evidence(right: AskedRight, rule: Rule, ideas: Mapping[str, list[Hit]], reach: int) -> Evidence | None:
    chosen = _chosen(rule, ideas, reach)
    if not chosen:
        return None
    is_only_named = len(ideas.get(Idea.FACTS, ())) >= A_LIST and right not in NEVER_ONLY_NAMED
    weight = rule.weight * (ONLY_NAMED if is_only_named else 1)
    first, last = min(hit.first for hit in chosen), max(hit.last for hit in chosen)
    return Evidence(rule.key, first, last, chosen[0].sentence, weight)


def _chosen(rule: Rule, ideas: Mapping[str, list[Hit]], reach: int) -> list[Hit]:
    """The words on which a rule holds, near each other and not negated; none where it does not."""
    for hit in ideas[rule.all[0]]:
        if _is_negated(hit, ideas):
            continue
        chosen = [hit]
        for idea in rule.all[1:]:
            near = [
                each
                for each in ideas[idea]
                if abs(each.first - hit.first) <= reach
                and not _is_negated(each, ideas)
                and all((each.first, each.last) != (other.first, other.last) for other in chosen)
            ]
            if not near:
                break
            chosen.append(min(near, key=lambda each: abs(each.first - hit.first)))
        else:
            return chosen
    return []


def _is_negated(hit: Hit, ideas: Mapping[str, list[Hit]]) -> bool:
    if hit.idea not in NEGATED or Idea.DO_NOT not in ideas:
        return False
    return any(
        -REACH_OF_NEGATION <= hit.first - negation.last <= REACH_OF_NEGATION
        or negation.first <= hit.first <= negation.last
        for negation in ideas[Idea.DO_NOT]
    )


def _ordered(weighed: list[Weighed]) -> list[Weighed]:
    for each in sorted(weighed, key=lambda found: -found.rank):
        if each.confidence >= SURE:
            for covered in rules().rights[each.right].covers:
                _cover(covered, weighed)
            for other in weighed:
                if other.right in rules().rights[each.right].outweighs:
                    other.factor = min(other.factor, OUTWEIGHED)
    return sorted(weighed, key=lambda found: (-round(found.rank, 2), _first(found)))


def _cover(right: AskedRight, weighed: list[Weighed]) -> None:
    for other in weighed:
        # What is asked for by name, by article or in the subject stands for itself.
        stands = any(found.is_cited or found.weight >= NAMED for found in other.evidence.values())
        if other.right == right and not stands:
            other.factor = min(other.factor, COVERED)


def _first(found: Weighed) -> int:
    return min(each.first for each in found.evidence.values())
