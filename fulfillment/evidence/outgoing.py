"""What left the house, as values: messages, letters, copies sent to another service, and whom else we told."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from fulfillment.evidence.part import Part


class Message(Part):
    """A mail or call that was written, by the hash of its text (UTF-8)."""

    notice: str
    to: Literal["person", "recipient"]
    subject: str
    language: str
    written_at: datetime
    sent_at: datetime | None
    state: str
    message_id: str
    text_sha256: str


class Taken(Part):
    """That somebody took a letter out, in which form."""

    at: datetime
    by: str
    form: str


class Letter(Part):
    """A letter of the person's, by the hashes of its text and PDF; its manifest is signed by itself.

    The log has the SHA-256 of `text_salt`, a colon and `text_sha256`: once the salt is gone, nobody can guess at it.
    """

    number: int
    kind: str
    title: str
    language: str
    words_version: str
    is_certificate: bool
    written_at: datetime
    text_sha256: str
    text_salt: str = ""
    text_size: int
    pdf_sha256: str
    pdf_size: int
    manifest_sha256: str
    forgotten_at: datetime | None
    taken_out: list[Taken]


class Sending(Part):
    """The sending of one copy to another service, and what that service says it received."""

    idempotency_key: str
    bundle: int
    size: int
    sha256: str
    accepted_at: datetime | None
    begun_at: datetime | None
    sent_bytes: int
    sent_at: datetime | None
    receipt: str = Field(description="The recipient's receipt as JSON; empty where none came.")
    receipt_key: str = Field(description="The key that it named for its receipt (base64); empty where none.")
    receipt_is_signed: bool
    receipted_at: datetime | None
    their_words: str


class Transmission(Part):
    """A service that the person named for their copy, who let it go, and how it ended."""

    number: int
    recipient: str
    address: str
    known_as: str
    state: str
    why: str
    named_at: datetime
    confirmed_at: datetime | None
    looked_at: datetime | None
    certificate: str = Field(description="What the host's certificate said when staff looked, as JSON.")
    decided_at: datetime | None
    decided_by: str
    reason: str
    ended_at: datetime | None
    sending: Sending | None


class Told(Part):
    """One recipient of data that was told of a change, or the reason why nobody was."""

    recipient: str
    change: str
    attempt: int
    written_at: datetime
    told_on: date | None
    by_hand_because: str
    ending: str
    note: str
    ended_at: datetime | None
    ended_by: str
