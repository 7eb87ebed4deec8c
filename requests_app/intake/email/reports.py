"""Delivery reports (RFC 3464), read receipts and feedback reports: what a machine says about a mail of ours."""

import re
from collections.abc import Iterator

from requests_app.intake.email.headers import Headers, read_headers
from requests_app.intake.email.limits import Limits
from requests_app.intake.email.parsed import FailedRecipient, Report
from requests_app.intake.email.structure import Part

KINDS = {
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",
    "message/disposition-notification": "disposition",
    "message/feedback-report": "feedback",
}
ORIGINALS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
MOST_READ = 100_000
MOST_RECIPIENTS = 100
GROUPS = re.compile(rb"\r?\n[ \t]*\r?\n")
ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")


def read_report(part: Part, limits: Limits) -> Report | None:
    """Return what a report says, wherever a gateway put it; an attached message alone makes none."""
    around = _around_status(part)
    if around is None:
        return None
    status = next(child for child in around.children if child.type in KINDS)
    original = next((child for child in around.children if child.type in ORIGINALS), None)
    groups = [_fields(group, limits) for group in GROUPS.split(status.content(MOST_READ)) if group.strip()]
    named = next((found for group in groups if (found := group.text("original-message-id"))), "")
    return Report(
        kind=KINDS[status.type],
        recipients=tuple(_recipients(groups))[:MOST_RECIPIENTS],
        original_message_id=_original_id(original, limits) or named,
    )


def _around_status(part: Part) -> Part | None:
    """The multipart that holds the status; list programs and scanners wrap reports once more."""
    if part.type.startswith("multipart/"):
        if any(child.type in KINDS for child in part.children):
            return part
        return next((found for child in part.children if (found := _around_status(child))), None)
    return None


def _recipients(groups: list[Headers]) -> Iterator[FailedRecipient]:
    for group in groups:
        address = group.text("original-recipient") or group.text("final-recipient")
        found = ADDRESS.search(address)
        if found:
            yield FailedRecipient(
                address=found[0],
                action=group.text("action").lower(),
                status=group.text("status").split(" ")[0],
                diagnostic=group.text("diagnostic-code")[:500],
            )


def _original_id(original: Part | None, limits: Limits) -> str:
    return _fields(original.content(MOST_READ), limits).text("message-id") if original else ""


def _fields(content: bytes, limits: Limits) -> Headers:
    return read_headers(content, 0, len(content), limits)[0]
