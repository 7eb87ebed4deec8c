"""A message as read → the JSON value that scripts read: what it says and what it seems to ask for."""

from collections.abc import Mapping
from typing import Any

from requests_app.intake.email.read import ReadMail, read_mail
from requests_app.intake.inbox.decide import decide
from requests_app.intake.inbox.match import NOTHING
from requests_app.intake.inbox.screen import screen


def classify_message(raw: bytes) -> Mapping[str, Any]:
    """Return what a message says and asks for, read in this process."""
    return classified(read_mail(raw))


def classified(read: ReadMail) -> Mapping[str, Any]:
    """Return a read message as JSON; `outcome` is what would become of it as the first mail of a thread."""
    mail, understood = read.mail, read.understanding
    screened = screen(mail, mail_from=None, answers_us=False)
    decision = decide(read, screened, NOTHING, is_repeat=False, is_from_person=False)
    return {
        "outcome": decision.outcome.value,
        "reason": str(decision.reason),
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
