"""The page that checks a copy in a browser alone, as one file that needs no network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from fulfillment.bundles.alone import hash_of, look
from requests_app.encryption.signing import PublicKey
from requests_app.policy.company import COMPANY

SCRIPT = Path(__file__).parent.parent / "static" / "fulfillment" / "verify.js"
NAME = "verify.html"


def as_json(keys: Sequence[PublicKey]) -> dict[str, Any]:
    """The keys as a JSON Web Key Set (RFC 7517, RFC 8037)."""
    return {"keys": [_as_jwk(each) for each in keys]}


def offline_page(*, keys: Sequence[PublicKey]) -> str:
    """The page in the language in force; without keys it can only say which one a copy brings along."""
    style, script = look(), SCRIPT.read_text()
    context = {
        "company": COMPANY,
        "keys": spoken(keys),
        "address": f"{settings.PUBLIC_URL}{reverse('bundles:verify')}",
        "style": style,
        "script": script,
        "policy": f"default-src 'none'; style-src '{hash_of(style)}'; script-src '{hash_of(script)}'; "
        "form-action 'none'; base-uri 'none'",
    }
    return render_to_string("bundles/verify_offline.html", context)


def spoken(keys: Sequence[PublicKey]) -> str:
    """The keys as the script of the page takes them."""
    return " ".join(each.text for each in keys)


def _as_jwk(key: PublicKey) -> dict[str, str]:
    x = key.text.replace("+", "-").replace("/", "_").rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": key.key_id, "use": "sig", "alg": "EdDSA"}
