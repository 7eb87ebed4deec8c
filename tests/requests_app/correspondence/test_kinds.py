"""Every mail of ours has words that staff may change, and those they start from are the ones that come with it."""

import pytest
from django.utils import timezone, translation

from requests_app.correspondence.kinds import rows
from requests_app.correspondence.notices import Notice
from requests_app.letters.checking import is_fit
from requests_app.letters.compose import said_as, said_in, shipped_words
from requests_app.letters.kinds import kind_of
from requests_app.letters.text import text_of

KEYS = [notice.value for notice in Notice]


def test_every_notice_is_there_once():
    assert sorted(notice.value for notice, *_ in rows()) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_words_to_start_from_may_be_sent(key):
    kind = kind_of(key)
    assert is_fit(kind, shipped_words(kind)), shipped_words(kind)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_words_to_start_from_say_what_the_shipped_ones_say(key, language):
    kind = kind_of(key)
    with translation.override("en" if language == "en" else language), timezone.override("Europe/Berlin"):
        words, context = shipped_words(kind), kind.sample()
        shipped, ours = said_in(kind, context, wording=None), said_as(kind, context, words)
    assert language != "en" or ours.subject == shipped.subject
    assert language != "en" or plain(ours) == plain(shipped)
    assert is_fit(kind, words)


def plain(said):
    # Days stand in one form in words of the staff, and in several in the shipped ones.
    text = text_of(said.blocks)
    for weekday in ("Friday ", "Monday ", "Wednesday "):
        text = text.replace(weekday, "")
    return text
