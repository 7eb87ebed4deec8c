"""What a question to the person would do to a clock, said before it is asked."""

from dataclasses import dataclass

from requests_app.deadlines.events import Topic
from requests_app.deadlines.explain import capital, length_words
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.jurisdictions.sources import Check
from requests_app.jurisdictions.vocabulary import Effect, OwnTerm, Unit

_SENTENCES = {
    Effect.NONE: "The clock does not stop: the day of the answer stays, whenever the person answers.",
    Effect.PAUSE: "The clock stops: the days from your question to the answer do not count.",
    Effect.PAUSE_INCLUSIVE: (
        "The clock stops: the days from your question to the answer do not count, nor does the day of the answer."
    ),
    Effect.START_AT_LATEST: "The clock starts anew on the day the answer arrives.",
}


@dataclass(frozen=True, slots=True)
class QuestionEffect:
    """One sentence, whether the date may move, where it stands, on what condition, and how far it was checked."""

    topic: Topic
    moves_date: bool
    sentence: str
    condition: str
    cite: str
    check: Check
    notes: tuple[str, ...]
    only_with_reason: bool


def question_effect(*, regime: str, right: str, topic: Topic, is_appeal: bool = False) -> QuestionEffect:
    """Return what a question of this topic does to the answer's date of a right under a law."""
    law = jurisdiction(regime)
    says = law.clock.of(topic)
    effect, condition = Effect.NONE, ""
    # Only the law's response period knows pauses: a right with a term of its own has none, nor has an appeal.
    entry = None if is_appeal else law.rights.get(right_code(right))
    if entry is not None and entry.period is OwnTerm.STANDARD:
        effect = says.effect_for(right_code(right))
        condition = capital(says.when) if says.when else ""
    if effect is Effect.START_AFTER_FEE_WINDOW:
        window = length_words(says.window_days or 0, Unit.CALENDAR_DAYS)
        sentence = f"The clock starts anew {window} after you announce the fee."
    else:
        sentence = _SENTENCES[effect]
    moves = effect is not Effect.NONE
    needs_reason = moves and says.only_with_reason
    return QuestionEffect(topic, moves, sentence, condition, says.cite, says.check, says.notes, needs_reason)
