"""New text told from quoted text."""

import pytest

from requests_app.intake.email.quotes import split_quotes, without_signature


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, 3 Mar 2026 at 10:00, Omne <info@omne.example> wrote:",
        "Am 3. März 2026 um 10:00 schrieb Omne <info@omne.example>:",
        "Le mar. 3 mars 2026 à 10:00, Omne a écrit :",
        "El mar, 3 mar 2026, Omne (<info@omne.example>) escribió:",
        "Il giorno mar 3 mar 2026 Omne ha scritto:",
        "W dniu 3.03.2026 Omne napisał(a):",
        "-----Original Message-----",
        "-------- Ursprüngliche Nachricht --------",
    ],
)
def test_what_is_answered_is_cut_off(line: str) -> None:
    split = split_quotes(f"Yes, please.\n\n{line}\n> Shall we delete your data?")
    assert split.new == "Yes, please."
    assert "delete your data" in split.quoted
    assert not split.is_forward


def test_the_header_block_of_outlook_opens_a_quotation() -> None:
    split = split_quotes("Danke!\n\nVon: Omne\nGesendet: Montag\nAn: Ada\nBetreff: Ihre Daten\n\nGuten Tag")
    assert split.new == "Danke!"


def test_a_forwarded_mail_is_known() -> None:
    split = split_quotes("FYI\n\n---------- Forwarded message ---------\nFrom: Ada\n\nDelete my data")
    assert split.is_forward
    assert "Delete my data" in split.quoted


def test_answers_between_quoted_lines_are_new_text() -> None:
    split = split_quotes("> Which data?\nAll of it.\n> By when?\nToday.")
    assert split.new == "All of it.\nToday."


def test_a_letter_with_a_colon_is_not_cut() -> None:
    text = "I request the following:\n- a copy\n- deletion"
    assert split_quotes(text).new == text


def test_a_signature_falls_away_unless_it_is_all_there_is() -> None:
    assert without_signature("Delete my data\n-- \nAda, Privacy Ltd") == "Delete my data"
    assert without_signature("-- \nAda") == "-- \nAda"
