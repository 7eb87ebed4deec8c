"""The language of a text."""

import pytest

from requests_app.intake.email.language import UNKNOWN, language_of
from tests.requests_app.intake.email.letters import letters

LONG_ENOUGH = 60


@pytest.mark.parametrize("code", ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv", "tr"])
def test_the_language_of_every_longer_letter_is_told(code: str) -> None:
    own = [
        each for each in letters() if each.language == code and (len(each.text) > LONG_ENOUGH or code == "ja")
    ]
    wrong = [each.text for each in own if language_of(f"{each.text}\n{each.subject}") != code]
    assert own
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Будь ласка, видаліть мої персональні дані", "uk"),
        ("Прошу удалить мои персональные данные", "ru"),
        ("Παρακαλώ διαγράψτε τα δεδομένα μου", "el"),
        ("请删除我的个人信息", "zh"),
        ("개인정보 삭제를 요청합니다", "ko"),
        ("Pyydän, että kaikki minua koskevat tiedot poistetaan. Kiitos", "fi"),
        ("Žádám o výmaz svých osobních údajů podle článku 17", "cs"),
        ("https://example.org ann@x.example 12345", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_neighbours_and_nothing_are_not_taken_for_ours(text: str, code: str) -> None:
    assert language_of(text) == code
