"""Start-up checks: what is wrong with this installation, in sentences."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from omne_dsar import system_parts
from requests_app.encryption.signing import NotAPublicKey, published_keys

_SHORTEST_SECRET = 40
_FEWEST_CHARACTERS = 8


@checks.register("settings")
def check_secret(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """A weak secret lets anybody write session and link signatures."""
    secret = settings.SECRET_KEY
    if len(secret) >= _SHORTEST_SECRET and len(set(secret)) >= _FEWEST_CHARACTERS:
        return []
    return [
        checks.Error(
            "SECRET_KEY is weak: it must have at least 40 characters that nobody can guess.",
            hint="`openssl rand -base64 48` makes one.",
            id="omne_dsar.E001",
        )
    ]


@checks.register("settings")
def check_keys_differ(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """One key for two purposes opens both when it leaks."""
    names = ("BLIND_INDEX_KEY", "CODE_KEY", "SIGNING_KEY", "LEDGER_KEY")
    keys = [*settings.FIELD_KEYS.values(), *settings.LEDGER_OLD_KEYS.values()]
    keys += settings.BLIND_INDEX_OTHER_KEYS
    keys += [getattr(settings, name) for name in names]
    if len(set(keys)) == len(keys):
        return []
    return [
        checks.Error(
            "FIELD_KEYS, BLIND_INDEX_KEY, CODE_KEY, SIGNING_KEY and LEDGER_KEY must all be different keys.",
            id="omne_dsar.E002",
        )
    ]


@checks.register("settings")
def check_addresses(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """Mail needs a sender, and in production people need pages that nobody can read along."""
    found: list[checks.CheckMessage] = []
    if "@" not in settings.DEFAULT_FROM_EMAIL:
        found.append(
            checks.Error(
                "DEFAULT_FROM_EMAIL must be the address that mail is sent from.", id="omne_dsar.E003"
            )
        )
    if settings.PRODUCTION and not settings.PUBLIC_URL.startswith("https://"):
        found.append(checks.Error("PUBLIC_URL must begin with https:// in production.", id="omne_dsar.E004"))
    return found


@checks.register("settings")
def check_sign_in(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """A sign-in that others can read along proves nothing."""
    if settings.PRODUCTION and settings.SIGN_IN_ISSUER and not settings.SIGN_IN_ISSUER.startswith("https://"):
        return [checks.Error("SIGN_IN_ISSUER must begin with https:// in production.", id="omne_dsar.E005")]
    if bool(settings.SIGN_IN_ISSUER) != bool(settings.SIGN_IN_CLIENT_ID):
        return [checks.Error("SIGN_IN_ISSUER and SIGN_IN_CLIENT_ID belong together.", id="omne_dsar.E006")]
    return []


@checks.register("settings")
def check_anchors(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """A timestamp that nobody can check proves nothing; an old key that cannot be read checks nothing."""
    found: list[checks.CheckMessage] = []
    if bool(settings.TIMESTAMP_URL) != bool(settings.TIMESTAMP_CERTIFICATES):
        found.append(
            checks.Error("TIMESTAMP_URL and TIMESTAMP_CERTIFICATES belong together.", id="omne_dsar.E007")
        )
    try:
        published_keys()
    except NotAPublicKey:
        found.append(
            checks.Error(
                "SIGNING_OLD_PUBLIC_KEYS must hold public keys in base64, as `manage.py public_key` prints them.",
                id="omne_dsar.E008",
            )
        )
    return found


@checks.register("settings")
def check_kept_apart(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """What the web server hands to everybody is no place for copies, however unlikely their names."""
    served = Path(settings.STATIC_ROOT).resolve() if settings.STATIC_ROOT else None
    found: list[checks.CheckMessage] = []
    for name in ("STORE_URL", "LEDGER_URL", "ANCHOR_URL"):
        scheme, _mark, place = getattr(settings, name).rpartition("://")
        if served is None or not place or scheme not in ("", "file"):
            continue
        folder = Path(place).resolve()
        if folder.is_relative_to(served) or served.is_relative_to(folder):
            sentence = (
                f"{name} and STATIC_ROOT must be apart: what lies in STATIC_ROOT is handed to everybody."
            )
            found.append(checks.Error(sentence, id="omne_dsar.E009"))
    return found


@checks.register("settings", deploy=True)
def check_watched(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """Whoever rules this machine could rewrite the log and its anchors, were they nowhere else."""
    if settings.ANCHOR_MAIL or settings.TIMESTAMP_URL or settings.ANCHOR_URL:
        return []
    return [
        checks.Warning(
            "The audit log is anchored beside the erasure ledger only.",
            hint="Set ANCHOR_MAIL, TIMESTAMP_URL or ANCHOR_URL (docs/proof.md).",
            id="omne_dsar.W002",
        )
    ]


@checks.register("system")
def check_system_parts(app_configs: Sequence[Any] | None, **_ignored: Any) -> list[checks.CheckMessage]:
    """Letters need Pango and fonts for every script people write in."""
    return [
        checks.Warning(
            f"{part.name} is missing: {part.purpose} will fail or show empty boxes.",
            hint=f"On Debian: apt-get install {part.package}",
            id="omne_dsar.W001",
        )
        for part in system_parts.missing("pdf")
    ]
