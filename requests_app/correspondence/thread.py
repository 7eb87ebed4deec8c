"""The headers by which mail programs and servers place a mail of ours."""

from requests_app.correspondence.models import Message, OutgoingMail
from requests_app.correspondence.reply_addresses import reply_address


def thread_headers(outgoing: OutgoingMail) -> dict[str, str]:
    """Who answers where, what the mail answers itself, and that a machine wrote it (RFC 3834, RFC 5322 3.6.4)."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if not isinstance(outgoing, Message):
        return headers
    if address := reply_address(outgoing.subject_request):
        headers["Reply-To"] = address
    if outgoing.answers:
        headers |= {"In-Reply-To": outgoing.answers[-1], "References": " ".join(outgoing.answers)}
    if outgoing.is_automatic_answer:
        headers["Auto-Submitted"] = "auto-replied"
    return headers
