"""Bytes → ParsedEmail: never raises, and never gives a string that cannot be stored."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from requests_app.intake.email.addresses import parse_addresses
from requests_app.intake.email.body import Body
from requests_app.intake.email.bounces import read_bounce
from requests_app.intake.email.headers import Headers, read_headers
from requests_app.intake.email.limits import DEFAULT_LIMITS, Limits
from requests_app.intake.email.parsed import Attachment, Fault, Mailbox, ParsedEmail
from requests_app.intake.email.reports import read_report
from requests_app.intake.email.structure import Part, Structure

# What later stages look at: threads, loops, lists, results of checks, own addresses.
KEPT_HEADERS = {
    "date", "return-path", "delivered-to", "x-original-to", "envelope-to", "resent-to", "sender",
    "authentication-results", "auto-submitted", "precedence", "list-id", "list-unsubscribe", "list-post",
    "feedback-id", "x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-loop",
    "x-failed-recipients", "in-reply-to", "references", "message-id", "content-language", "x-mailer",
}  # fmt: skip
MOST_KEPT = 50
MOST_IDS = 200
MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
# A byte order mark or blank lines, if headers come after them.
BEFORE_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]{0,200}(?=[!-9;-~]{1,80}:[ \t\r\n])")
BARE_RETURN = re.compile(rb"\r(?!\n)")
LOOSE_ID = re.compile(r"[^<>\s,;]+@[^<>\s,;]+")
OUT_OF_OFFICE = re.compile(
    r"^(auto(matic)?[ -]?(reply|response)|automatische antwort|abwesenheit|out of (the )?office|réponse automatique|"
    r"absence du bureau|respuesta automática|risposta automatica|automatisch antwoord|resposta automática|"
    r"autosvar|automatiskt svar|automatyczna odpowiedź|otomatik yanıt|自動応答|自動返信|رد تلقائي)",
    re.IGNORECASE,
)


def parse_email(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ParsedEmail:
    """Return what a message says; of one that defeats the reader, its headers and the fault `unreadable`."""
    if len(raw) > limits.message:
        return replace(headers_alone(raw, limits=limits), faults=(Fault.OVERSIZE,))
    base = ParsedEmail(size=len(raw), sha256=hashlib.sha256(raw).hexdigest())
    try:
        return read_email(raw, base, limits)
    except MemoryError:
        # Whoever set the limit says what it means.
        raise
    # A mail that nobody foresaw must not stop the others. Nothing of it is lost: the raw mail is kept whole, and a
    # person is shown it with this fault.
    except Exception:  # noqa: BLE001
        return replace(headers_alone(raw, limits=limits), faults=(Fault.UNREADABLE,))


def headers_alone(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ParsedEmail:
    """Return what the header block of a message says, and nothing where even that cannot be read."""
    base = ParsedEmail(size=len(raw), sha256=hashlib.sha256(raw).hexdigest())
    try:
        headers, _ = read_headers(raw, 0, min(len(raw), limits.header_block), limits)
        return _with_headers(base, headers, limits)
    # The last resort for a mail that nobody foresaw: nothing is worse than stopping the others.
    except Exception:  # noqa: BLE001
        return base


def read_email(raw: bytes, base: ParsedEmail, limits: Limits) -> ParsedEmail:
    """Return what a message says; what nobody foresaw is raised."""
    structure = Structure(limits)
    raw = _with_line_feeds(raw)
    part = structure.read(raw, 0, len(raw))
    body = Body(limits)
    body.read(part)
    attached = [file for file in body.files if file.type == "message/rfc822"]
    base, text = _with_headers(base, part.headers, limits), body.text()
    report = read_report(part, limits)
    if report is None or not report.recipients:
        report = read_bounce(part.headers, base.from_address, text) or report
    read = replace(
        base,
        text=text,
        attached_text="" if report else _attached_text(attached, limits),
        attachments=_named(body, attached, limits),
        report=report,
        is_encrypted=body.is_sealed,
    )
    return replace(read, faults=(*structure.faults, *body.faults))


def _with_headers(base: ParsedEmail, headers: Headers, limits: Limits) -> ParsedEmail:
    sender = _sender(headers, limits)
    kept = _kept(headers)
    return replace(
        base,
        subject=headers.text("subject"),
        from_address=sender.address,
        from_name=sender.name,
        reply_to=parse_addresses(headers.raw("reply-to"), most=limits.addresses),
        to=parse_addresses(headers.raw("to"), most=limits.addresses),
        cc=parse_addresses(headers.raw("cc"), most=limits.addresses),
        message_id=next(iter(_ids(headers.raw("message-id"))), ""),
        answers_to=_answers_to(headers),
        headers=kept,
        is_automatic=_is_automatic(headers, kept),
    )


def _sender(headers: Headers, limits: Limits) -> Mailbox:
    named = headers.text("from").strip('<>" ')
    for name in ("from", "sender", "reply-to", "return-path"):
        found = parse_addresses(headers.raw(name), most=limits.addresses)
        if found:
            # "Postmaster <>" has a name and no address, which another header gives.
            return found[0] if name == "from" else Mailbox(named or found[0].name, found[0].address)
    # "undisclosed" or a bare name: what stands there is still shown.
    return Mailbox(named, "")


def _kept(headers: Headers) -> Mapping[str, tuple[str, ...]]:
    names = dict.fromkeys(name for name, _ in headers.fields if name in KEPT_HEADERS)
    return {name: headers.texts(name)[:MOST_KEPT] for name in names}


def _answers_to(headers: Headers) -> tuple[str, ...]:
    """The ids that a mail answers, of every field that names some; the last of many are the nearest."""
    fields = (*headers.raws("in-reply-to"), *headers.raws("references"))
    found = tuple(dict.fromkeys(each for field in fields for each in _ids(field)))
    return found if len(found) <= MOST_IDS else (*found[:10], *found[10 - MOST_IDS :])


def _ids(text: str) -> tuple[str, ...]:
    """Message ids, split on blanks and commas, with or without their brackets."""
    return tuple(MESSAGE_ID.findall(text)) or tuple(f"<{found}>" for found in LOOSE_ID.findall(text))


def _is_automatic(headers: Headers, kept: Mapping[str, tuple[str, ...]]) -> bool:
    submitted = next(iter(kept.get("auto-submitted", ())), "no").split(";")[0].strip().lower()
    return (
        submitted != "no"
        or bool(kept.get("x-autoreply") or kept.get("x-autorespond"))
        or "auto_reply" in kept.get("precedence", ())
        or bool(OUT_OF_OFFICE.match(headers.text("subject")))
    )


def _attached_text(attached: list[Part], limits: Limits) -> str:
    """The text of messages attached to this one, with their subjects."""
    found: list[str] = []
    for part in attached[:10]:
        inner = part.content()
        headers, start = read_headers(inner, 0, len(inner), limits)
        body = Body(limits)
        body.read(Structure(limits).read(inner, 0, len(inner)))
        found += [headers.text("subject"), body.text() if start <= len(inner) else ""]
    return "\n\n".join(text for text in found if text)[: limits.text]


def _named(body: Body, attached: list[Part], limits: Limits) -> tuple[Attachment, ...]:
    """Attachments, attached messages named after their subjects."""
    for part in attached:
        if not part.name:
            headers, _ = read_headers(part.raw, part.start, part.end, limits)
            subject = headers.text("subject")
            part.name = f"{subject}.eml" if subject else ""
    return body.attachments()


def _with_line_feeds(raw: bytes) -> bytes:
    """Old Macs and broken gateways end lines with a bare carriage return, the first line tells; others begin late."""
    found = BEFORE_HEADERS.match(raw)
    raw = raw[found.end() :] if found and found.end() else raw
    first = raw.find(b"\r")
    if first < 0 or raw[first + 1 : first + 2] == b"\n" or 0 <= raw.find(b"\n") < first:
        return raw
    return BARE_RETURN.sub(b"\n", raw)
