"""The messages of docs/portability-push.md: our offer, and what the other service answers, read with distrust."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

import httpx
import rfc8785
from django.conf import settings
from django.urls import reverse

from fulfillment.transmissions.endpoint import Endpoint, endpoint_from
from fulfillment.transmissions.errors import Final, UnfitEndpoint
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from requests_app.encryption.signing import NotAPublicKey, own_public_key, read_public_key
from requests_app.policy.company import COMPANY

FORMAT, VERSION = "omne-dsar/portability-offer", 1
LONGEST_WORDS = 300


@dataclass(frozen=True)
class Accepted:
    """What the other service agreed to: where to send, how much at most, and how."""

    upload: str
    status: str = ""
    max_bytes: int | None = None
    is_resumable: bool = False
    piece_bytes: int = 0
    receipt_key: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the other service says it is: `receipt` when it has received all of it."""

    state: str = ""
    received: int = 0
    receipt: dict[str, Any] | None = None
    signature: str = ""


def offer_of(sending: Sending) -> bytes:
    """The offer: who sends, how much of what sort, and as whom the person is known there. Not yet any data."""
    transmission = sending.transmission
    law = transmission.subject_request.regime
    key = own_public_key()
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "transmission": str(sending.pk),
        "controller": {"name": COMPANY.controller, "mail": COMPANY.contact.mail},
        "law": law,
        "package": {
            "media_type": "application/zip",
            "size": sending.size,
            "sha256": sending.sha256,
            "files": sending.part_count,
        },
        "key": {
            "algorithm": "Ed25519",
            "key_id": key.key_id,
            "public_key": key.text,
            "published_at": settings.PUBLIC_URL + reverse("bundles:public-key"),
        },
    }
    if transmission.known_as:
        said["known_to_you_as"] = str(transmission.known_as)
    return rfc8785.dumps(said)


def object_in(content: bytes) -> dict[str, Any]:
    """The JSON object of an answer; an empty one where it holds anything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def their_words(content: bytes) -> str:
    """The reason that an answer gives, in printable letters: a problem document's title or detail, or `reason`."""
    said = object_in(content)
    for name in ("reason", "detail", "title"):
        if isinstance(said.get(name), str):
            return "".join(each if each.isprintable() else " " for each in said[name])[:LONGEST_WORDS]
    return ""


def accepted(said: dict[str, Any], *, endpoint: Endpoint) -> Accepted:
    """What an answer to our offer agrees to. Raises Final: what cannot be used, or leads elsewhere, ends it."""
    if said.get("accept") is False:
        words = their_words(json.dumps(said).encode())
        raise Final(S.DECLINED, Why.NOT_TAKEN, "The other service said no to the offer.", their_words=words)
    if said.get("accept") is not True or not isinstance(said.get("upload"), str):
        raise not_understood("It accepted nothing that we can read.")
    most, piece = said.get("max_bytes"), said.get("piece_bytes", 0)
    if not _is_size(most, may_lack=True) or not _is_size(piece):
        raise not_understood("Its limits are no numbers.")
    return Accepted(
        upload=_of_the_same_host(said["upload"], endpoint),
        status=_of_the_same_host(said["status"], endpoint) if said.get("status") else "",
        max_bytes=most,
        is_resumable=said.get("resumable") is True,
        piece_bytes=piece if said.get("resumable") is True else 0,
        receipt_key=_key(said.get("receipt_key")),
    )


def progress_in(said: dict[str, Any]) -> Progress:
    """How far the other service is, by an answer to an upload or to the question for its state."""
    receipt, signature = said.get("receipt"), said.get("signature")
    received = said.get("received", 0)
    return Progress(
        state=said["state"] if isinstance(said.get("state"), str) else "",
        received=received if _is_size(received) else 0,
        receipt=receipt if isinstance(receipt, dict) and receipt else None,
        signature=signature if isinstance(signature, str) else "",
    )


def checked_receipt(progress: Progress, sending: Sending) -> tuple[dict[str, Any], bool]:
    """A receipt that fits what we sent, and whether it is signed with the key they named. Raises Final."""
    receipt = progress.receipt or {}
    kept = {name: receipt.get(name) for name in ("transmission", "sha256", "size", "received_at")}
    kept = {name: value for name, value in kept.items() if isinstance(value, str | int)}
    named = str(receipt.get("sha256", "")).lower()
    fits = named == sending.sha256 and receipt.get("transmission") == str(sending.pk)
    if not fits or receipt.get("size", sending.size) != sending.size:
        raise Final(S.DISPUTED, Why.OTHER_DIGEST, "The receipt names another file than the one we sent.")
    if not sending.receipt_key:
        return kept, False
    if not _has_signed(sending.receipt_key, receipt, progress.signature):
        raise Final(S.DISPUTED, Why.BAD_RECEIPT, "The receipt is not signed with the key they named.")
    return {**kept, "signature": progress.signature}, True


def not_understood(what: str) -> Final:
    """The end of a transmission whose other side answers what we cannot use."""
    return Final(S.FAILED, Why.NOT_UNDERSTOOD, f"The other service answered something unfit. {what}")


def _has_signed(key: str, receipt: dict[str, Any], signature: str) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        said = rfc8785.dumps(receipt)
    except (binascii.Error, ValueError, rfc8785.CanonicalizationError):
        return False
    return read_public_key(key.encode()).has_signed(said, raw)


def _key(given: object) -> str:
    if given is None:
        return ""
    try:
        return read_public_key(str(given).encode()).text
    except (NotAPublicKey, UnicodeError):
        raise not_understood("Its key for receipts is no Ed25519 key in base64.") from None


def _of_the_same_host(text: object, endpoint: Endpoint) -> str:
    """An address of theirs, which may be relative; it must lie where the person named and staff approved."""
    elsewhere = Final(
        S.FAILED, Why.SENT_ELSEWHERE, "It wanted the copy at another host than the one that was approved."
    )
    try:
        found = endpoint_from(str(endpoint.url.join(str(text))))
    except (UnfitEndpoint, httpx.InvalidURL, ValueError):
        raise not_understood("Its address for the upload cannot be read.") from None
    if found.url.scheme != "https" or found.origin != endpoint.origin or found.url.userinfo:
        raise elsewhere
    return found.text


def _is_size(value: object, *, may_lack: bool = False) -> bool:
    if value is None:
        return may_lack
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62
