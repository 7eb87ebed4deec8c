"""What matching answers are worth: only what outsiders cannot know counts, and the most only when it was signed."""

import pytest

from requests_app.identity.facts import MOST, askable, facts, score
from requests_app.identity.methods.data_match import METHOD
from requests_app.lifecycle.models import IdentityLevel
from tests.proofs import ANSWERS, marks

SIGNED = {"declared": "I declare that I am she.", "signature": "Ada Åström"}


def _worth(answers: dict[str, object], marked: dict[str, str]) -> IdentityLevel:
    form = METHOD.staff_form(answers, data=marked)
    assert form.is_valid(), form.errors
    return METHOD.worth(form, answers)


def test_three_answers_with_declaration_and_signature_are_worth_the_most() -> None:
    assert _worth({"points": ANSWERS, **SIGNED}, marks(MOST)) is IdentityLevel.HIGH


@pytest.mark.parametrize("missing", ["declared", "signature"])
def test_three_answers_that_were_not_declared_and_signed_are_worth_less(missing: str) -> None:
    signed = {key: value for key, value in SIGNED.items() if key != missing}
    assert _worth({"points": ANSWERS, **signed}, marks(MOST)) is IdentityLevel.REASONABLE


def test_what_others_may_know_is_worth_nothing_however_much_of_it_matches() -> None:
    known = {key: "known" for key, fact in facts().items() if not fact.secret}
    assert len(known) >= MOST
    assert score(set(known)) == 0
    assert _worth({"points": known, **SIGNED}, dict.fromkeys(known, "matches")) is IdentityLevel.NONE


def test_a_fact_that_others_may_know_does_not_make_up_for_one_that_is_missing() -> None:
    secret = askable()[0].key
    known = next(key for key, fact in facts().items() if not fact.secret)
    assert score({secret, known}) == 1
