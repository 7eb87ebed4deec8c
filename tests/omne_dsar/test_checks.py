"""Start-up checks say what is wrong in sentences."""

import base64
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django.fixtures import Settings

from omne_dsar import checks, system_parts
from omne_dsar.system_parts import Part
from requests_app.encryption.signing import own_public_key


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


@pytest.mark.parametrize(
    ("store", "ids"),
    [
        ("file:///srv/omne/store", []),
        ("s3://static/store", []),
        ("file:///srv/omne/static/store", ["omne_dsar.E009"]),
        ("/srv/omne/store/../static", ["omne_dsar.E009"]),
        ("file:///srv/omne", ["omne_dsar.E009"]),
    ],
)
def test_copies_never_lie_where_the_web_server_looks_for_files(
    settings: Settings, store: str, ids: list[str]
) -> None:
    settings.STATIC_ROOT, settings.STORE_URL = "/srv/omne/static", store
    settings.LEDGER_URL, settings.ANCHOR_URL = "s3://ledger", ""
    assert [found.id for found in checks.check_kept_apart(None)] == ids
    settings.STATIC_ROOT = None
    assert checks.check_kept_apart(None) == []


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


def _anchored_by(settings: Settings, *, stamps: str = "", certificates: str = "") -> list[str]:
    settings.TIMESTAMP_URL, settings.TIMESTAMP_CERTIFICATES = stamps, certificates
    return [str(found.id) for found in checks.check_anchors(None)]


def test_a_timestamp_that_nobody_could_check_is_refused(settings: Settings) -> None:
    assert _anchored_by(settings, stamps="https://stamp.example") == ["omne_dsar.E007"]
    assert _anchored_by(settings, certificates="/etc/stamp.pem") == ["omne_dsar.E007"]
    assert _anchored_by(settings, stamps="https://stamp.example", certificates="/etc/stamp.pem") == []
    assert _anchored_by(settings) == []


@pytest.mark.parametrize("text", ["no base64", "AAAA", base64.b64encode(b"x" * 31).decode()])
def test_an_old_key_that_cannot_be_read_is_refused(settings: Settings, text: str) -> None:
    """A private seed put there by mistake has the length of a public key: that one nobody can tell."""
    settings.SIGNING_OLD_PUBLIC_KEYS = [text]
    assert [found.id for found in checks.check_anchors(None)] == ["omne_dsar.E008"]
    settings.SIGNING_OLD_PUBLIC_KEYS = [own_public_key().text]
    assert checks.check_anchors(None) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"ANCHOR_MAIL": ["counsel@example.org"]},
        {"TIMESTAMP_URL": "https://stamp.example"},
        {"ANCHOR_URL": "s3://anchors/here"},
    ],
)
def test_an_audit_log_that_is_anchored_beside_the_ledger_only_is_a_warning_of_a_deployment(
    settings: Settings, elsewhere: dict[str, object]
) -> None:
    settings.ANCHOR_MAIL, settings.TIMESTAMP_URL, settings.ANCHOR_URL = [], "", ""
    (warning,) = checks.check_watched(None)
    assert (warning.id, warning.is_serious()) == ("omne_dsar.W002", False)
    for name, value in elsewhere.items():
        setattr(settings, name, value)
    assert checks.check_watched(None) == []


def test_the_command_says_them_all_and_the_warning_only_of_a_deployment(settings: Settings) -> None:
    settings.TIMESTAMP_URL, settings.TIMESTAMP_CERTIFICATES = "https://stamp.example", ""
    settings.ANCHOR_MAIL, settings.ANCHOR_URL = [], ""
    with pytest.raises(SystemCheckError, match="TIMESTAMP_URL and TIMESTAMP_CERTIFICATES belong together"):
        call_command("check", "--tag", "settings")
    settings.TIMESTAMP_URL = ""
    said = StringIO()
    call_command("check", "--tag", "settings", stderr=said)
    assert "W002" not in said.getvalue()
    call_command("check", "--tag", "settings", "--deploy", stderr=said)
    assert "omne_dsar.W002" in said.getvalue()


def test_a_key_of_the_indexes_is_for_nothing_else(settings: Settings) -> None:
    settings.BLIND_INDEX_OTHER_KEYS = (settings.SIGNING_KEY,)
    assert [found.id for found in checks.check_keys_differ(None)] == ["omne_dsar.E002"]
