"""What a message says, as values: every string can be stored, shown and sent on as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Something about a message that could not be read as it stands."""

    OVERSIZE = "oversize"
    HEADERS_CUT = "headers_cut"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_ATTACHMENTS = "too_many_attachments"
    TEXT_CUT = "text_cut"
    BROKEN_BOUNDARY = "broken_boundary"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as a header writes them."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a message; the bytes are for the one who stores them."""

    name: str
    type: str
    size: int
    sha256: str
    content_id: str = ""
    content: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRecipient:
    """One address of a delivery report, with what became of the mail to it."""

    address: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a machine says about an earlier message: `kind` is delivery, disposition or feedback."""

    kind: str
    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEmail:
    """A message as read.

    `text` is what the writer wrote; `attached_text` is the text of messages attached to it. `headers` holds the
    headers that later stages look at, by lower-case name, in the order they stand.
    """

    subject: str = ""
    from_address: str = ""
    from_name: str = ""
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    message_id: str = ""
    answers_to: tuple[str, ...] = ()
    text: str = ""
    attached_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    report: Report | None = None
    is_automatic: bool = False
    is_encrypted: bool = False
    size: int = 0
    sha256: str = ""
    faults: tuple[Fault, ...] = ()
