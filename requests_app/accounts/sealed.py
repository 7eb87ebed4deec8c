"""The second factors of the staff, which stand sealed inside JSON, for the rotation of keys."""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from requests_app.accounts.adapters import SEALED_FOR
from requests_app.encryption.keys import current_keys, seal, sealing_key_id, unseal
from requests_app.encryption.rotation.places import OtherPlace, add_place

# What allauth has the adapter encrypt: the secret of an app, the seed of recovery codes, codes of before.
NAMES = ("secret", "seed")


def connect() -> None:
    """Name the place; called once, at start-up."""
    add_place(OtherPlace("second factors of staff", opened, renewed))


def opened() -> Mapping[str, int]:
    """How many stand under which key, each opened. Raises SealBroken, KeyMissing."""
    found: Counter[str] = Counter()
    for data in Authenticator.objects.values_list("data", flat=True):
        for content in _sealed(data).values():
            unseal(content, context=SEALED_FOR)
            found[sealing_key_id(content)] += 1
    return found


def renewed(most: int) -> int:
    """Seal up to so many again with the active key. Returns how many."""
    count = 0
    with transaction.atomic():
        for factor in Authenticator.objects.select_for_update(skip_locked=True).order_by("pk"):
            old = {name: each for name, each in _sealed(factor.data).items() if _is_old(each)}
            if not old or count >= most:
                continue
            for name, content in old.items():
                again = seal(unseal(content, context=SEALED_FOR), context=SEALED_FOR)
                factor.data[name] = b64encode(again).decode("ascii")
            factor.save(update_fields=["data"])
            count += len(old)
    return count


def _sealed(data: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: b64decode(data[name]) for name in NAMES if isinstance(data.get(name), str)}


def _is_old(content: bytes) -> bool:
    return sealing_key_id(content) != current_keys().active_id
