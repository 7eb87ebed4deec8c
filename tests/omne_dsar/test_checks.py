"""Start-up checks say what is wrong in sentences."""

import pytest
from pytest_django.fixtures import Settings

from omne_dsar import checks, system_parts
from omne_dsar.system_parts import Part


def test_a_short_secret_is_weak(settings: Settings) -> None:
    settings.SECRET_KEY = "short"
    assert [found.id for found in checks.check_secret(None)] == ["omne_dsar.E001"]


def test_a_long_secret_of_few_characters_is_weak(settings: Settings) -> None:
    settings.SECRET_KEY = "abcabc" * 20
    assert [found.id for found in checks.check_secret(None)] == ["omne_dsar.E001"]


def test_one_key_for_two_purposes_is_refused(settings: Settings) -> None:
    settings.CODE_KEY = settings.BLIND_INDEX_KEY
    assert [found.id for found in checks.check_keys_differ(None)] == ["omne_dsar.E002"]


def test_mail_needs_a_sender(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "privacy"
    assert [found.id for found in checks.check_addresses(None)] == ["omne_dsar.E003"]


def test_production_needs_pages_nobody_can_read_along(settings: Settings) -> None:
    settings.PRODUCTION = True
    settings.PUBLIC_URL = "http://privacy.example.com"
    assert [found.id for found in checks.check_addresses(None)] == ["omne_dsar.E004"]


def test_the_keys_made_for_development_pass() -> None:
    assert checks.check_secret(None) == []
    assert checks.check_keys_differ(None) == []
    assert checks.check_addresses(None) == []


def test_a_missing_part_is_a_warning_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    font = Part("Noto Sans CJK", "Japanese in PDF letters", "fonts-noto-cjk", lambda: False, needed=False)
    monkeypatch.setattr(system_parts, "PARTS", {"pdf": (font,)})
    (warning,) = checks.check_system_parts(None)
    assert not warning.is_serious()
    assert "Noto Sans CJK is missing" in warning.msg
    assert "fonts-noto-cjk" in str(warning.hint)
