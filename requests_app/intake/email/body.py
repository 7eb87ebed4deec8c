"""What a person reads of a message, and the files that came with it."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from functools import cached_property

from requests_app.intake.email.charsets import decode
from requests_app.intake.email.flowed import unflow
from requests_app.intake.email.html_text import html_to_text, looks_like_html
from requests_app.intake.email.limits import Limits
from requests_app.intake.email.parsed import Attachment, Fault
from requests_app.intake.email.storable import storable_line, storable_name, storable_text
from requests_app.intake.email.structure import Part, Structure
from requests_app.intake.email.wrapped.calendar import calendar_lines
from requests_app.intake.email.wrapped.cms import is_enveloped, signed_content
from requests_app.intake.email.wrapped.pgp import clear_text, is_sealed
from requests_app.intake.email.wrapped.tnef import TnefFile, read_tnef

META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
# "View this message as HTML": a plain part that says nothing but that.
STUB_LENGTH = 200
STUB = re.compile(
    r"\bhtml\b|web ?page|web ?version|view .{0,40}(?:browser|online)|im browser|navigateur|navegador|"
    r"nel browser|email client",
    re.IGNORECASE,
)
CMS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
# A signature around a signature around a mail: more is nothing that a person sends.
MOST_WRAPPINGS = 3
SUFFIXES = {"message/rfc822": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt"}
SUFFIXES |= {
    "application/ms-tnef": ".dat",
    "text/calendar": ".ics",
    "image/jpg": ".jpg",
    "text/plain": ".txt",
}


@dataclass
class Block:
    """One piece of the text, in the forms the writer gave."""

    plain: str = ""
    html: str = ""

    @cached_property
    def best(self) -> str:
        """The plain text, unless it is empty, HTML in disguise or a mere pointer to the HTML."""
        plain = html_to_text(self.plain) if looks_like_html(self.plain) else self.plain
        if not self.html:
            return plain
        is_stub = len(plain.strip()) < STUB_LENGTH and STUB.search(plain)
        return plain if plain.strip() and not is_stub else html_to_text(self.html) or plain


@dataclass(slots=True)
class Body:
    """The readable blocks and the parts that are files."""

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    faults: dict[Fault, None] = field(default_factory=dict)
    inside: list[TnefFile] = field(default_factory=list)
    letters: list[Block] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    is_sealed: bool = False
    wrappings: int = 0

    def read(self, part: Part) -> None:
        """Sort a part, and the parts inside it, into text and files."""
        self.is_sealed = self.is_sealed or part.type == "multipart/encrypted"
        if part.children and part.type == "multipart/alternative":
            self._read_alternative(part)
        elif part.children:
            for child in part.children:
                self.read(child)
        elif part.main_type == "multipart":
            # A boundary that never comes: what is there is read as text.
            self.blocks.append(Block(plain=self._text(part)))
        elif part.type in CMS:
            self._read_signed(part)
        elif _is_file(part):
            self.files.append(part)
            self._read_inside(part)
        else:
            self.blocks.append(self._block(part))

    def text(self) -> str:
        """The whole text; a file stands in for it where there is no other text."""
        blocks = self.blocks
        if not any(block.best.strip() for block in blocks):
            blocks = self.letters
        if not any(block.best.strip() for block in blocks):
            named = next((part for part in self.files if _could_be_text(part)), None)
            blocks = [self._block(named)] if named else []
        texts = (*(block.best.strip("\n") for block in blocks), *self.events)
        found = "\n\n".join(text for text in texts if text)
        clean = storable_text(found).rstrip()
        if len(clean) > self.limits.text:
            self.faults[Fault.TEXT_CUT] = None
        return clean[: self.limits.text]

    def attachments(self) -> tuple[Attachment, ...]:
        """The files with their bytes, the first hundred or so."""
        most = self.limits.attachments
        if len(self.files) + len(self.inside) > most:
            self.faults[Fault.TOO_MANY_ATTACHMENTS] = None
        kept = self.files[:most]
        outer = tuple(_attachment(part, number) for number, part in enumerate(kept, start=1))
        inner = self.inside[: most - len(kept)]
        return (*outer, *(_unwrapped(file, number) for number, file in enumerate(inner, start=len(kept) + 1)))

    def _read_signed(self, part: Part) -> None:
        """Read what is signed but not encrypted as if it stood there itself."""
        content = part.content()
        inner = signed_content(content) if self.wrappings < MOST_WRAPPINGS else None
        if inner is None:
            self.is_sealed = self.is_sealed or is_enveloped(content) or _says_sealed(part)
            self.files.append(part)
            return
        self.wrappings += 1
        structure = Structure(self.limits)
        self.read(structure.read(inner, 0, len(inner)))
        self.faults |= structure.faults

    def _read_inside(self, part: Part) -> None:
        if part.type == "text/calendar":
            line = calendar_lines(self._text(part))
            self.events += [line] if line and line not in self.events else []
        elif part.type in TNEF or part.name.lower() == "winmail.dat":
            found = read_tnef(part.content())
            if found:
                self.inside += found.files
                self.letters.append(Block(plain=found.plain, html=found.html[: self.limits.html]))

    def _read_alternative(self, part: Part) -> None:
        inner = Body(self.limits, wrappings=self.wrappings)
        for child in part.children:
            inner.read(child)
        self.files += inner.files
        self.faults |= inner.faults
        self.inside += inner.inside
        self.letters += inner.letters
        # The same invitation often comes twice, as a part and as a file.
        self.events += [line for line in inner.events if line not in self.events]
        self.is_sealed, self.wrappings = self.is_sealed or inner.is_sealed, inner.wrappings
        merged = Block(
            plain="\n\n".join(block.plain for block in inner.blocks if block.plain),
            html="\n".join(block.html for block in inner.blocks if block.html),
        )
        self.blocks.append(merged)

    def _block(self, part: Part) -> Block:
        text = self._text(part)
        return Block(html=text) if part.type in ("text/html", "application/xhtml+xml") else Block(plain=text)

    def _text(self, part: Part) -> str:
        most = self.limits.html * 4
        content = part.content(most)
        if part.end - part.start > most:
            self.faults[Fault.TEXT_CUT] = None
        charset = part.parameters.get("charset")
        if not charset and part.type == "text/html" and (found := META_CHARSET.search(content[:2000])):
            charset = found[1].decode("ascii")
        text = storable_text(decode(content, charset))[: self.limits.html]
        if part.type == "text/plain":
            self.is_sealed = self.is_sealed or is_sealed(text)
            text = clear_text(text)
        if part.parameters.get("format", "").lower() == "flowed" and part.type == "text/plain":
            return unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        return text


def _is_file(part: Part) -> bool:
    if part.disposition == "attachment" or part.type not in (
        "text/plain",
        "text/html",
        "application/xhtml+xml",
    ):
        return part.main_type != "text" or part.type == "text/calendar" or bool(part.disposition or part.name)
    return bool(part.name)


def _could_be_text(part: Part) -> bool:
    """A text part that bears a name though it is the letter itself."""
    return part.type in ("text/plain", "text/html") and part.disposition != "attachment"


def _says_sealed(part: Part) -> bool:
    return part.parameters.get("smime-type", "enveloped-data").lower() != "signed-data"


def _unwrapped(file: TnefFile, number: int) -> Attachment:
    name = storable_name(file.name)
    kind = file.type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.type, re.ASCII) else None
    return Attachment(
        name=name or f"attachment-{number}.bin",
        type=kind or mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
    )


def _attachment(part: Part, number: int) -> Attachment:
    content = part.content()
    return Attachment(
        name=storable_name(part.name) or f"attachment-{number}{_suffix(part)}",
        type=part.type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_id=storable_line(part.headers.text("content-id")).strip("<>"),
        content=content,
    )


def _suffix(part: Part) -> str:
    return SUFFIXES.get(part.type) or mimetypes.guess_extension(part.type) or ".bin"
