"""Our own addresses, and the tokens that people's answers carry in them."""

import re
from collections.abc import Iterator

from django.conf import settings

from requests_app.correspondence.reply_addresses import TOKEN_IN_ADDRESS
from requests_app.intake.email.parsed import ParsedEmail

# Where servers write to whom a mail was really delivered; To and Cc say only what its writer typed.
DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "resent-to")
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>()\[\],;:\"@]{1,255}")


def is_ours(address: str) -> bool:
    """Whether mail to this address comes back to us: one of our addresses, with a token or without."""
    return _plain(address) in {_plain(each) for each in settings.MAIL_ADDRESSES}


def addressed_to(mail: ParsedEmail, rcpt_to: list[str]) -> Iterator[str]:
    """Every address a mail was sent to, those of the envelope first, as they stand there."""
    yield from rcpt_to
    for name in DELIVERED_TO:
        for line in mail.headers.get(name, ()):
            yield from _ANY_ADDRESS.findall(line)
    yield from (each.address for each in (*mail.to, *mail.cc))


def tokens_in(mail: ParsedEmail, rcpt_to: list[str]) -> tuple[str, ...]:
    """The tokens of ours that stand in these addresses, each once."""
    found = (TOKEN_IN_ADDRESS.search(each) for each in addressed_to(mail, rcpt_to) if is_ours(each))
    return tuple(dict.fromkeys(each[1].lower() for each in found if each))


def _plain(address: str) -> str:
    """An address without what stands behind a plus, in one case."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
