"""Subject and text → what the letter asks for: the one call for others."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from requests_app.intake.email.understanding.articles import cited_laws
from requests_app.intake.email.understanding.load import finder, languages, speller
from requests_app.intake.email.understanding.matching import Hit
from requests_app.intake.email.understanding.tokens import Token, tokens_of
from requests_app.intake.email.understanding.vocabulary import AskedRight, Circumstance, Idea
from requests_app.intake.email.understanding.weigh import SURE, Weighed, weigh

MOST_WORDS = 1_500
# A text this short may have been taken for another language.
FEW_WORDS = 40
# "Thanks, that works now": so few words without an idea ask for nothing.
MOST_OF_A_NOTE = 6
POSSIBLE = 0.2
SHOWN = 0.3
UNSPACED = {"ja", "zh"}
ENGLISH = "en"
# One of these words keeps a letter from being set aside: a law asks for no special form.
SPEAKS_OF_PRIVACY = {
    Idea.PRIVACY,
    Idea.PERSONAL_DATA,
    Idea.MY_DATA,
    Idea.DETAIL,
    Idea.MARKETING,
    Idea.CONSENT,
    Idea.SENSITIVE,
    Idea.AUTOMATED_NAMED,
    Idea.APPEAL_NAMED,
}
# Without a word of business, any of these may be a request in words nobody thought of.
MAY_BE_A_REQUEST = {
    Idea.ACCOUNT,
    Idea.DELETE,
    Idea.DELETION_SAID,
    Idea.CORRECT,
    Idea.WRONG,
    Idea.HOLD,
    Idea.WITHDRAW,
    Idea.CORRECTION_SAID,
    Idea.ACCESS_SAID,
    Idea.OBJECTION_SAID,
    Idea.OPT_OUT_NAMED,
    Idea.AUTOMATED,
    Idea.HUMAN,
    Idea.COMPLAINT_NAMED,
    Idea.BREACH,
    Idea.COPY,
    Idea.ASK,
    Idea.STOP,
    Idea.DOCUMENTS,
}
NOT_PERSONAL = {Idea.BUSINESS, Idea.COMPANY_VOICE}
# Others are named in these without being those whose data are asked for.
NAMES_OTHERS = {AskedRight.COMPLAINT, AskedRight.GRIEVANCE, AskedRight.NOMINATE, AskedRight.THIRD_PARTY_LIST}
CIRCUMSTANCES = {each.value for each in Circumstance}


class LooksLikeRequest(StrEnum):
    """Whether a letter asks for a right: "no" only where not one word speaks for it."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Finding:
    """One right a letter seems to ask for, how sure from 0 to 1, on which words, by which rules."""

    right: AskedRight
    confidence: float
    words: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a letter seems to ask for, best first, and what staff must know about it."""

    looks_like_request: LooksLikeRequest
    findings: tuple[Finding, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    language: str = "und"

    @property
    def rights(self) -> tuple[AskedRight, ...]:
        """The rights alone, best first."""
        return tuple(found.right for found in self.findings)


def understand(subject: str, text: str, *, language: str) -> Understanding:
    """Return what a letter seems to ask for; a short one that gives nothing is tried in all languages."""
    whole = f"{subject.strip()}\n\n{text}" if subject.strip() else f"\n\n{text}"
    tokens = tokens_of(whole, most=MOST_WORDS)
    known = languages()
    own = (language,) if language in known else ()
    found = _read(whole, tokens, (*own, *(each for each in (ENGLISH,) if each not in own)), language)
    if found.looks_like_request == LooksLikeRequest.YES or (own and len(tokens) > FEW_WORDS):
        return found
    tries = [found, *(_read(whole, tokens, (each,), each) for each in known if each not in (*own, ENGLISH))]
    best = max(tries, key=_certainty)
    if not own or best is found:
        return best
    # Words of one language can mean something in another: only what is sure goes before what was told of the text.
    return replace(best, language=language) if best.looks_like_request == LooksLikeRequest.YES else found


def _certainty(found: Understanding) -> tuple[int, float]:
    order = [LooksLikeRequest.NO, LooksLikeRequest.UNSURE, LooksLikeRequest.YES]
    best = max((each.confidence for each in found.findings), default=0.0)
    return order.index(found.looks_like_request), best


def _read(whole: str, tokens: Sequence[Token], tried: Sequence[str], language: str) -> Understanding:
    hits = [
        hit
        for each in tried
        for hit in finder(each).find(speller(each).righted(tokens) if each == language else tokens)
    ]
    named, cited = cited_laws(tokens)
    weighed = weigh(hits, cited if named or hits else (), unspaced=language in UNSPACED)
    best = weighed[0].confidence if weighed else 0.0
    private = bool(named) or _may_be_private({hit.idea for hit in hits}, words=len(tokens))
    looks = _looks(max((each.confidence for each in weighed), default=best), private=private)
    findings = tuple(_finding(each, whole, tokens) for each in weighed if each.confidence >= SHOWN)
    return Understanding(looks, findings, _circumstances(hits, weighed), language)


def _may_be_private(ideas: Set[str], *, words: int) -> bool:
    if not ideas.isdisjoint(SPEAKS_OF_PRIVACY):
        return True
    return ideas.isdisjoint(NOT_PERSONAL) and (
        words > MOST_OF_A_NOTE or not ideas.isdisjoint(MAY_BE_A_REQUEST)
    )


def _looks(best: float, *, private: bool) -> LooksLikeRequest:
    if best >= SURE:
        return LooksLikeRequest.YES
    return LooksLikeRequest.UNSURE if best >= POSSIBLE or private else LooksLikeRequest.NO


def _finding(found: Weighed, whole: str, tokens: Sequence[Token]) -> Finding:
    strongest = sorted(found.evidence.values(), key=lambda each: -each.weight)
    words = dict.fromkeys(whole[tokens[each.first].start : tokens[each.last].end] for each in strongest)
    return Finding(
        right=found.right,
        confidence=round(found.confidence, 2),
        words=tuple(" ".join(each.split())[:200] for each in words),
        rules=tuple(each.rule for each in strongest),
    )


def _circumstances(hits: Sequence[Hit], weighed: Sequence[Weighed]) -> tuple[Circumstance, ...]:
    found = {Circumstance(hit.idea) for hit in hits if hit.idea in CIRCUMSTANCES}
    if sum(1 for each in weighed if each.confidence >= SURE) > 1:
        found.add(Circumstance.SEVERAL)
    if found & {Circumstance.AGENT, Circumstance.CHILD}:
        # Who may act for another has been said; what is left is proof, not doubt.
        found.discard(Circumstance.THIRD_PARTY)
    if weighed and weighed[0].right in NAMES_OTHERS:
        found -= {Circumstance.THIRD_PARTY}
    if weighed and weighed[0].right == AskedRight.NOMINATE:
        found -= {Circumstance.CHILD, Circumstance.AGENT}
    return tuple(each for each in Circumstance if each in found)
