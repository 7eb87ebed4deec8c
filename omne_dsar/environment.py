"""Readers for settings: a value or a file that holds it, or a sentence that says what is missing."""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """Return NAME, or the content of the file NAME_FILE, or the default; without any of them refuse."""
    found = _lookup(name)
    if found is not None:
        return found
    if default is not None:
        return default
    raise ImproperlyConfigured(
        f"The setting {name} is missing: set {name}, or {name}_FILE to a file that holds it."
    )


def flag(name: str, default: bool) -> bool:
    """Return NAME as yes or no."""
    found = _lookup(name)
    if found is None:
        return default
    if found.lower() in _YES:
        return True
    if found.lower() in _NO:
        return False
    raise ImproperlyConfigured(f"The setting {name} must be yes or no.")


def number(name: str, default: int) -> int:
    """Return NAME as a whole number."""
    found = _lookup(name)
    if found is None:
        return default
    try:
        return int(found)
    except ValueError:
        raise ImproperlyConfigured(f"The setting {name} must be a whole number.") from None


def listing(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return NAME as a list, split at commas."""
    found = _lookup(name)
    if found is None:
        return list(default)
    return [part.strip() for part in found.split(",") if part.strip()]


def given(names: dict[str, str]) -> dict[str, str]:
    """Return those of the named settings that are set, under the words their reader knows."""
    found = {word: _lookup(name) for word, name in names.items()}
    return {word: value for word, value in found.items() if value is not None}


def secret(name: str, made_under: Path | None) -> str:
    """Return a secret text; where a folder for development keys is given, make it there on first use."""
    found = _lookup(name)
    if found is not None:
        return found
    if made_under is None:
        return text(name)
    return _made_once(
        made_under / name.lower(), base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    )


def key(name: str, made_under: Path | None) -> bytes:
    """Return a 32-byte key, written as base64."""
    return _decoded(name, secret(name, made_under))


def key_ring(name: str, made_under: Path | None) -> dict[str, bytes]:
    """Return keys by id from `id:base64,id:base64`; the first one encrypts, all of them decrypt."""
    return _keys_by_id(name, secret_ring(name, made_under))


def old_keys(name: str) -> dict[str, bytes]:
    """Return keys that only open what was made with them, written the same way; none where nothing is set."""
    found = _lookup(name)
    return _keys_by_id(name, found) if found else {}


def further_keys(name: str) -> tuple[bytes, ...]:
    """Return 32-byte keys written as base64, with commas; none where nothing is set."""
    return tuple(_decoded(name, value) for value in listing(name))


def _keys_by_id(name: str, text: str) -> dict[str, bytes]:
    ring: dict[str, bytes] = {}
    for entry in text.split(","):
        key_id, separator, value = entry.strip().partition(":")
        if not separator or not key_id or key_id in ring:
            raise ImproperlyConfigured(
                f"The setting {name} must be written as id:base64,id:base64 with ids of their own."
            )
        ring[key_id] = _decoded(name, value)
    return ring


def secret_ring(name: str, made_under: Path | None) -> str:
    """Return the text of a key ring; in development one key named k1 is made on first use."""
    found = _lookup(name)
    if found is None and made_under is not None:
        return "k1:" + secret(name, made_under)
    return text(name)


def database(url: str) -> dict[str, Any]:
    """Return Django's database settings for a postgresql:// address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("The setting DATABASE_URL must begin with postgresql://.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": str(options.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where outgoing mail is handed over."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def mail_server(url: str) -> MailServer:
    """Return the mail server of an smtp://, smtp+starttls:// (STARTTLS) or smtps:// address."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "The setting EMAIL_URL must look like smtp+starttls://user:password@host:587."
        )
    return MailServer(
        host=parts.hostname,
        port=parts.port or {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+starttls",
        tls=parts.scheme == "smtps",
    )


def _lookup(name: str) -> str | None:
    if value := os.environ.get(name):
        return value
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The setting {name}_FILE names a file that cannot be read: {error.strerror}."
        ) from None


def _decoded(name: str, value: str) -> bytes:
    try:
        decoded = base64.urlsafe_b64decode(value.strip().replace("+", "-").replace("/", "_"))
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != KEY_BYTES:
        raise ImproperlyConfigured(
            f"The setting {name} must hold {KEY_BYTES} bytes written as base64: "
            f"`openssl rand -base64 {KEY_BYTES}` makes one."
        )
    return decoded


def _made_once(path: Path, value: str) -> str:
    """Write the value unless the file exists; of several processes that start together all read one value."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()
