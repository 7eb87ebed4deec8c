"""Who calls: whether a call is signed by the company that sends, with a key that it publishes itself."""

import base64
import binascii
import hashlib
import json
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

KEYS = "/.well-known/omne-dsar/signing-keys.json"
TAG = "omne-portability"
_SIGNED = ("@method", "@target-uri", "idempotency-key")
_SIGNED_OF_A_BODY = ("content-digest", "content-length", "content-type")
# Straight to the sender, whatever proxy the machine is set up with.
_ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_SECONDS = 5


class NotThem(Exception):
    """The call is not signed as the sender signs; the sentence is the reason."""


class KeysAway(Exception):
    """The sender's keys could not be read just now."""


@dataclass
class Call:
    """What is signed of a call; the header names in small letters."""

    method: str
    url: str
    headers: Mapping[str, str]


class Sender:
    """The company whose copies are taken, known by the address at which it publishes its keys."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/") + KEYS
        self._keys: dict[str, Ed25519PublicKey] = {}

    def check(self, call: Call) -> None:
        """Return if the sender made this call. Raises NotThem, and KeysAway."""
        if self._keys:
            with suppress(NotThem):
                return self._verify(call)
        # The first call, or a key that is newer than our knowledge of it.
        self._keys = self._published()
        return self._verify(call)

    def _verify(self, call: Call) -> None:
        keys = MappingKeyResolver(public_keys=self._keys, private_keys={})
        verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=keys)
        needed = _SIGNED if call.method == "GET" else (*_SIGNED, *_SIGNED_OF_A_BODY)
        try:
            verifier.verify(call, expect_tag=TAG, require_components=needed)
        except HTTPMessageSignaturesException as refusal:
            raise NotThem(f"The signature of the call does not hold: {refusal}") from None

    def _published(self) -> dict[str, Ed25519PublicKey]:
        try:
            with _ASK.open(self._address, timeout=_SECONDS) as answer:
                raw = [base64.urlsafe_b64decode(each["x"] + "==") for each in json.load(answer)["keys"]]
        except (OSError, ValueError, KeyError):
            raise KeysAway from None
        return {hashlib.sha256(key).hexdigest()[:16]: Ed25519PublicKey.from_public_bytes(key) for key in raw}


def digest_said(headers: Mapping[str, str]) -> str:
    """The SHA-256 in hex that `Content-Digest` names; nothing where it names none that can be read."""
    said = headers.get("content-digest", "")
    try:
        raw = base64.b64decode(said.removeprefix("sha-256=:").removesuffix(":"), validate=True)
    except binascii.Error:
        return ""
    return raw.hex()
