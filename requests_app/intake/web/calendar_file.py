"""The reply-by dates as a file for the person's calendar (RFC 5545)."""

from datetime import datetime, timedelta

from requests_app.intake.web.receipt import Part, Receipt
from requests_app.policy.company import COMPANY


def calendar_file(receipt: Receipt, *, at: datetime) -> str:
    """A day-long entry for each request that names the company and the reference, and nothing about the person."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{COMPANY.controller}//Omne DSAR//EN"]
    for part in receipt.parts:
        lines += _entry(part, at=at)
    return "\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n"


def _entry(part: Part, *, at: datetime) -> list[str]:
    domain = COMPANY.contact.mail.rpartition("@")[2]
    return [
        "BEGIN:VEVENT",
        f"UID:{part.reference}@{domain}",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{part.due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{part.due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{COMPANY.brand} answers {part.reference} by today",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
