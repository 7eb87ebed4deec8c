"""Mail held as it came: headers and bodies as they read, attachments as bytes; written back unless it is signed."""

import re
from contextlib import suppress
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Content, Opened, as_bytes, as_text

_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_TELLING = re.compile(
    rb"^(?:From|To|Subject|Received|MIME-Version|Content-Type|Message-ID):", re.MULTILINE | re.IGNORECASE
)
_ENCODINGS = ("base64", "quoted-printable")
_SEALED = frozenset({"multipart/signed", "multipart/encrypted", "application/pkcs7-mime"})


def looks_like_mail(text: str) -> bool:
    """Whether a text begins with the headers of a mail."""
    if ":" not in text[:80]:
        return False
    try:
        head = _HEADERS.match(text.encode())
    except UnicodeEncodeError:
        return False
    return head is not None and _TELLING.search(head[0]) is not None


def opened(data: bytes, _budget: Budget) -> Opened | None:
    """The message taken apart; None where this is no mail."""
    head = _HEADERS.match(data)
    if head is None or not _TELLING.search(head[0]):
        return None
    line_end = "\r\n" if b"\r\n" in head[0] else "\n"
    as_it_came = policy.default.clone(max_line_length=998, refold_source="none", linesep=line_end)
    message = BytesParser(policy=as_it_came).parsebytes(data)
    if not isinstance(message, EmailMessage):
        return None
    places: list[_Header | _Body] = [*_headers(message), *_bodies(message)]
    parts = tuple(place.read() for place in places)
    is_sealed = any(each.get_content_type() in _SEALED for each in message.walk())

    def rebuild(contents: list[Content]) -> bytes:
        for place, part, content in zip(places, parts, contents, strict=True):
            if content != part.content:
                place.write(content)
        return message.as_bytes()

    return Opened("mime", parts, None if is_sealed else rebuild)


class _Header:
    def __init__(self, message: EmailMessage, name: str, value: str) -> None:
        self.message, self.name, self.value = message, name, value

    def read(self) -> BytesPart:
        return BytesPart(self.value, self.name, self.name)

    def write(self, content: Content) -> None:
        """This one of several headers of the name, in its place."""
        headers = [(name, str(value)) for name, value in self.message.items()]
        headers[headers.index((self.name, self.value))] = (self.name, as_text(content))
        for name in list(self.message):
            del self.message[name]
        for name, value in headers:
            self.message[name] = value


class _Body:
    def __init__(self, part: EmailMessage, number: int) -> None:
        self.part, self.place = part, f"part {number}"

    def read(self) -> BytesPart:
        if self.part.get_content_maintype() == "text":
            # Of a character set that nobody knows, or that the text does not keep to, the bytes are read below.
            with suppress(LookupError, UnicodeError):
                return BytesPart(str(self.part.get_content()), "", self.place)
        payload = self.part.get_payload(decode=True)
        return BytesPart(payload if isinstance(payload, bytes) else b"", "", self.place)

    def write(self, content: Content) -> None:
        part, name = self.part, self.part.get_filename()
        how = part.get_content_disposition()
        if isinstance(content, str):
            charset = part.get_content_charset() or "utf-8"
            written_as = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
            cte = written_as if written_as in _ENCODINGS else None
            part.set_content(content, part.get_content_subtype(), _able(charset, content), cte=cte)
        else:
            main, sub = part.get_content_maintype(), part.get_content_subtype()
            part.set_content(as_bytes(content), main, sub, disposition=how, filename=name)


def _able(charset: str, content: str) -> str:
    try:
        content.encode(charset)
    except (LookupError, UnicodeError):
        return "utf-8"
    return charset


def _headers(message: EmailMessage) -> list[_Header]:
    return [
        _Header(part, name, str(value))
        for part in message.walk()
        if isinstance(part, EmailMessage)
        for name, value in part.items()
    ]


def _bodies(message: EmailMessage) -> list[_Body]:
    leaves = (part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart())
    return [_Body(part, number) for number, part in enumerate(leaves, start=1)]
