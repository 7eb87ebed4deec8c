"""What the receiving server found out about the sender (RFC 8601): evidence for staff, never a proof of who writes.

Only the topmost result counts, and only of the server that this installation names: anybody can write such a header
into a mail further down.
"""

import re
from dataclasses import dataclass

from django.conf import settings

from requests_app.intake.email.parsed import ParsedEmail

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
HEADER = "authentication-results"


@dataclass(frozen=True, slots=True)
class Authentication:
    """Results by method, such as `dmarc` → `fail`; `is_aligned` tells whether envelope and From share a domain."""

    results: dict[str, str]
    is_aligned: bool

    @property
    def is_forged(self) -> bool:
        """Whether an answer would go to somebody who never wrote: DMARC failed and the envelope names another."""
        return self.results.get("dmarc") == "fail" and not self.is_aligned


def authenticated(mail: ParsedEmail, *, mail_from: str) -> Authentication:
    """Return what our own server says about a mail."""
    return Authentication(_trusted_results(mail), _same_domain(mail.from_address, mail_from))


def _trusted_results(mail: ParsedEmail) -> dict[str, str]:
    host = settings.MAIL_AUTHENTICATION_HOST.strip().casefold()
    lines = mail.headers.get(HEADER, ())
    if not host or not lines:
        return {}
    server, _, rest = _without_comments(lines[0]).partition(";")
    if not server.split() or server.split()[0].casefold() != host:
        return {}
    found: dict[str, str] = {}
    for part in rest.split(";"):
        result = _RESULT.match(part)
        if result:
            # Of several signatures one that passes will do.
            method, value = result[1].casefold(), result[2].casefold()
            found[method] = "pass" if "pass" in (found.get(method), value) else value
    return found


def _without_comments(text: str) -> str:
    for _ in range(5):
        shorter = _COMMENT.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return text


def _same_domain(first: str, second: str) -> bool:
    """Whether two addresses are of one domain or of one and a part of it (relaxed alignment)."""
    one, other = (each.strip("<> ").rpartition("@")[2].casefold().rstrip(".") for each in (first, second))
    if not one or not other:
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
