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


def question_effect(*, regime: str, right: str, topic: Topic) -> QuestionEffect:
    """Return what a question of this topic does to the answer's date of a right under a law."""
    law, wanted = jurisdiction(regime), right_code(right)
    says = law.clock.of(topic)
    effect = says.effect_for(wanted)
    entry = law.rights.get(wanted)
    if entry is None or entry.period is not OwnTerm.STANDARD:
        effect, condition = Effect.NONE, ""
    else:
        condition = capital(says.when) if says.when else ""
    if effect is Effect.START_AFTER_FEE_WINDOW:
        window = length_words(says.window_days or 0, Unit.CALENDAR_DAYS)
        sentence = f"The clock starts anew {window} after you announce the fee."
    else:
        sentence = _SENTENCES[effect]
    return QuestionEffect(
        topic, effect is not Effect.NONE, sentence, condition, says.cite, says.check, says.notes
    )
