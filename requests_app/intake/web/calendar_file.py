"""The reply-by date as a file for the person's calendar (RFC 5545)."""

from datetime import datetime, timedelta

from requests_app.intake.web.receipt import Receipt
from requests_app.policy.company import COMPANY


def calendar_file(receipt: Receipt, *, at: datetime) -> str:
    """One day-long entry that names the company and the reference, and nothing about the person."""
    domain = COMPANY.contact.mail.rpartition("@")[2]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{COMPANY.controller}//Omne DSAR//EN",
        "BEGIN:VEVENT",
        f"UID:{receipt.reference}@{domain}",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{receipt.due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{receipt.due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{COMPANY.brand} answers {receipt.reference} by today",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines) + "\r\n"
