"""Find a row by an e-mail address or phone number without opening it: a keyed hash of the normal form."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models

from requests_app.encryption.keys import secret_key

INDEX_LENGTH = 64


def _folded(value: str) -> str:
    # NFC, not NFKC: full-width letters stay different, as in every system we compare with.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", value.strip()).casefold())


def _digits(value: str) -> str:
    digits = "".join(str(unicodedata.digit(character)) for character in value if character.isdigit())
    return f"+{digits}" if value.strip().startswith(("+", "00")) else digits


def _phone(value: str) -> str:
    digits = _digits(value)
    return f"+{digits[3:]}" if digits.startswith("+00") else digits


_NORMALISERS: dict[str, Callable[[str], str]] = {"phone": _phone}


def normalised(kind: str, value: str) -> str:
    """The form in which two spellings of one identifier are equal; `ann+x@` and `ann@` stay different."""
    return _NORMALISERS.get(kind, _folded)(value)


def blind_index(kind: str, value: str) -> str:
    """HMAC-SHA256 of the normalised value, in hex; the same value under another kind gives another index."""
    return _index(secret_key("BLIND_INDEX_KEY"), kind, value)


def blind_indexes(kind: str, value: str) -> tuple[str, ...]:
    """Under what a value may be found: its index by the key in use, then by each key beside it while they are rotated.

    What is looked up is looked up by all of them; what is written is written by the first.
    """
    keys = (secret_key("BLIND_INDEX_KEY"), *settings.BLIND_INDEX_OTHER_KEYS)
    return tuple(_index(key, kind, value) for key in keys)


def _index(key: bytes, kind: str, value: str) -> str:
    message = f"{kind}\0{normalised(kind, value)}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


class BlindIndexField(models.CharField):  # type: ignore[type-arg]
    """The blind index of another field of the row, computed at each save.

    With `update_fields`, name both. Look it up with `blind_indexes(kind, value)`.
    """

    def __init__(self, *, kind: str, of: str, **options: Any) -> None:
        self.kind, self.of = kind, of
        super().__init__(
            **{"max_length": INDEX_LENGTH, "editable": False, "db_index": True, "blank": True} | options
        )

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"kind": self.kind, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = getattr(model_instance, self.of)
        index = blind_index(self.kind, value) if value else ""
        setattr(model_instance, self.attname, index)
        return index
