"""A raw message → the JSON value that scripts read: what it says and what it seems to ask for."""

from collections.abc import Mapping
from typing import Any

from requests_app.intake.email.language import language_of
from requests_app.intake.email.parse import parse_email
from requests_app.intake.email.parsed import Fault, ParsedEmail
from requests_app.intake.email.quotes import split_quotes, without_signature
from requests_app.intake.email.understanding.understand import LooksLikeRequest, Understanding, understand

ENOUGH_WORDS = 3
OUTCOMES = {
    LooksLikeRequest.YES: ("created", "looks_like_a_request"),
    LooksLikeRequest.UNSURE: ("triage", "unsure"),
    LooksLikeRequest.NO: ("set_aside", "ordinary_mail"),
}


def classify_message(raw: bytes) -> Mapping[str, Any]:
    """Return what a message says and asks for; `outcome` is what would become of it as the first mail of a thread."""
    mail = parse_email(raw)
    understood = understand_mail(mail)
    outcome, reason = _outcome(mail, understood)
    return {
        "outcome": outcome,
        "reason": reason,
        "requests": [],
        "rights": [right.value for right in understood.rights],
        "looks_like_request": understood.looks_like_request.value,
        "language": understood.language,
        "circumstances": [each.value for each in understood.circumstances],
        "subject": mail.subject,
        "from_address": mail.from_address,
        "from_name": mail.from_name,
        "text": mail.text,
        "attachments": [
            {"name": each.name, "type": each.type, "size": each.size, "sha256": each.sha256}
            for each in mail.attachments
        ],
        "findings": [
            {
                "right": found.right.value,
                "confidence": found.confidence,
                "words": list(found.words),
                "rules": list(found.rules),
            }
            for found in understood.findings
        ],
        "faults": [fault.value for fault in mail.faults],
    }


def understand_mail(mail: ParsedEmail) -> Understanding:
    """Return what a mail asks for, by its new text; a forwarded or attached mail speaks where that says little."""
    split = split_quotes(mail.text)
    own = without_signature(split.new)
    passed_on = split.quoted if split.is_forward or len(own.split()) < ENOUGH_WORDS else ""
    text = "\n\n".join(part for part in (own, passed_on, mail.attached_text) if part)
    return understand(mail.subject, text, language=language_of(f"{text}\n{mail.subject}"))


def _outcome(mail: ParsedEmail, understood: Understanding) -> tuple[str, str]:
    if Fault.UNREADABLE in mail.faults or Fault.OVERSIZE in mail.faults:
        return "quarantined", mail.faults[0].value
    if mail.report:
        return "set_aside", f"{mail.report.kind}_report"
    if mail.is_automatic and understood.looks_like_request != LooksLikeRequest.YES:
        return "set_aside", "automatic_answer"
    if mail.is_encrypted:
        return "triage", "encrypted"
    return OUTCOMES[understood.looks_like_request]
