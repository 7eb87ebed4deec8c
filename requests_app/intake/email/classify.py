"""A message as read → the JSON value that scripts read: what it says and what it seems to ask for."""

from collections.abc import Mapping
from typing import Any

from requests_app.intake.email.read import ReadMail, read_mail
from requests_app.intake.email.understanding.understand import LooksLikeRequest

OUTCOMES = {
    LooksLikeRequest.YES: ("created", "looks_like_a_request"),
    LooksLikeRequest.UNSURE: ("triage", "unsure"),
    LooksLikeRequest.NO: ("set_aside", "ordinary_mail"),
}


def classify_message(raw: bytes) -> Mapping[str, Any]:
    """Return what a message says and asks for, read in this process."""
    return classified(read_mail(raw))


def classified(read: ReadMail) -> Mapping[str, Any]:
    """Return a read message as JSON; `outcome` is what would become of it as the first mail of a thread."""
    mail, understood = read.mail, read.understanding
    outcome, reason = _outcome(read)
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


def _outcome(read: ReadMail) -> tuple[str, str]:
    mail, looks = read.mail, read.understanding.looks_like_request
    if read.not_read:
        return "quarantined", read.not_read.value
    if mail.report:
        return "set_aside", f"{mail.report.kind}_report"
    if mail.is_automatic and looks != LooksLikeRequest.YES and not read.not_understood:
        return "set_aside", "automatic_answer"
    if mail.is_encrypted:
        return "triage", "encrypted"
    return ("triage", "not_understood") if read.not_understood else OUTCOMES[looks]
