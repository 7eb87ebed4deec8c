"""The catalogues: complete in every language, true to their placeholders, compiled by ourselves."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext, ngettext

from omne_dsar.languages import catalogues
from omne_dsar.languages.gather import words_of_papers
from requests_app.letters.compose import said_in
from requests_app.letters.kinds import Kind, kinds

CODES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|</?[a-z][^>]*>")


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return words_of_papers()


def path_of(code: str) -> Path:
    return catalogues.LOCALE / translation.to_locale(code) / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("code", CODES)
def test_no_words_that_a_person_reads_are_missing_in_a_language(code: str, gathered: Catalog) -> None:
    assert list(catalogues.gaps(path_of(code), gathered)) == []


@pytest.mark.parametrize("code", CODES)
def test_a_translation_keeps_every_placeholder_and_every_tag(code: str) -> None:
    wrong = []
    for message in catalogues.read(path_of(code)):
        if not message.id:
            continue
        several = isinstance(message.id, tuple)
        allowed = {
            tuple(sorted(PLACEHOLDER.findall(each))) for each in (message.id if several else [message.id])
        }
        for words in message.string if several else [message.string]:
            found = tuple(sorted(PLACEHOLDER.findall(words)))
            if found not in allowed and not (several and set(found) < set(max(allowed, key=len))):
                wrong.append((message.id, words))
    assert wrong == []


def test_there_is_a_catalogue_for_each_language_and_for_no_other() -> None:
    assert [catalogues.language_of(path) for path in catalogues.paths()] == sorted(
        translation.to_locale(code) for code in CODES
    )


def test_numbers_take_the_form_of_their_language() -> None:
    forms = set()
    with translation.override("ar"):
        for number in (0, 1, 2, 3, 11, 100):
            forms.add(ngettext("%(count)s record withheld", "%(count)s records withheld", number))
    assert len(forms) == 6


def test_what_the_source_no_longer_says_goes_and_what_is_new_waits_for_words() -> None:
    known, source = Catalog(locale="de"), Catalog()
    known.add("Kept", "Behalten")
    known.add("Gone", "Weg")
    source.add("Kept", locations=[("a.py", 1)])
    source.add("New", locations=[("a.py", 2)])
    renewed = catalogues.brought_up_to_date(known, source)
    assert {message.id: message.string for message in renewed if message.id} == {
        "Kept": "Behalten",
        "New": "",
    }


def test_a_catalogue_is_written_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    path = tmp_path / "sv" / "LC_MESSAGES" / "django.po"
    catalog = Catalog(locale="sv")
    catalog.add("A word of this test", "Ett ord")
    catalogues.write(path, catalog)
    assert catalogues.compile_what_changed() == [path.with_suffix(".mo")]
    assert catalogues.compile_what_changed() == []
    with path.with_suffix(".mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("A word of this test") == "Ett ord"


def test_the_command_names_what_a_language_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalogues.write(tmp_path / "sv" / "LC_MESSAGES" / "django.po", Catalog(locale="sv"))
    with pytest.raises(CommandError, match="have no translation"):
        call_command("catalogues", check=True)
    assert "sv: " in capsys.readouterr().err


def test_what_is_compiled_is_what_stands_in_the_file() -> None:
    for code in CODES:
        with translation.override(code):
            for message in catalogues.read(path_of(code)):
                if message.id and isinstance(message.id, str) and not message.context:
                    assert gettext(message.id) == message.string


@pytest.mark.parametrize("code", CODES)
def test_every_letter_has_a_subject_of_its_own_in_each_language(code: str) -> None:
    english = {kind.key: subject_of(kind, "en") for kind in kinds()}
    assert [kind.key for kind in kinds() if subject_of(kind, code) == english[kind.key]] == []


def subject_of(kind: Kind, code: str) -> str:
    with translation.override(code):
        return said_in(kind, kind.sample(), wording=None).subject
