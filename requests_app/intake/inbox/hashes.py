"""Keyed hashes of mails: two equal ones are told, and a row says nothing to whoever guesses at what it was."""

import hashlib
import hmac
import json

from requests_app.encryption.blind_index import blind_index
from requests_app.encryption.keys import secret_key
from requests_app.intake.email.parsed import ParsedEmail


def raw_hash(raw: bytes) -> str:
    """The hash of a mail's bytes as they came."""
    return _keyed(b"mail\0" + hashlib.sha256(raw).digest())


def content_hash(mail: ParsedEmail) -> str:
    """The hash of what a mail says, whatever servers it passed on its way: the same to two mailboxes of ours."""
    said = (
        mail.from_address.casefold(),
        mail.subject,
        mail.headers.get("date", ()),
        mail.text,
        [each.sha256 for each in mail.attachments],
    )
    return _keyed(b"said\0" + json.dumps(said, ensure_ascii=True).encode())


def id_hash(message_id: str) -> str:
    """The hash of a Message-ID; empty for none, which equals nothing."""
    return _keyed(b"id\0" + message_id.encode("utf-8", "surrogatepass")) if message_id else ""


def address_hash(address: str) -> str:
    """The index of an address, as requests of the same address have it; empty for none."""
    return blind_index("email", address) if address else ""


def _keyed(content: bytes) -> str:
    return hmac.new(secret_key("BLIND_INDEX_KEY"), content, hashlib.sha256).hexdigest()
