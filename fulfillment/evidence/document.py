"""The evidence of a request as values: the shape of `evidence.json`, whose JSON Schema is made from it.

A change that a reader of the old shape would stumble over raises VERSION and gives the schema a file of its own.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fulfillment.evidence.outgoing import Letter, Message, Told, Transmission
from fulfillment.evidence.part import Part
from fulfillment.evidence.reviewed import Identity, LookBeforehand, OwnerTask, ReviewAct, Suggested, Sweep

FORMAT = "omne-dsar/evidence"
VERSION = 2


class Arrived(Part):
    """What arrived, how and when, in the person's words; empty words where they were purged."""

    channel: str
    received_at: datetime
    language: str
    policy_version: str
    asked_by: str
    name: str
    address: str
    asker_name: str
    details: str
    answers: dict[str, Any]
    particulars: dict[str, Any]


class Said(Part):
    """What came from the person, or the young person asked for, later and unasked."""

    what: Literal["note", "objection"]
    at: datetime
    words: str


class ClockEvent(Part):
    """Something that the legal clock counts."""

    type: str
    at: datetime
    until: date | None


class Step(Part):
    """One step of a count, and where in the law it stands."""

    rule: str
    sentence: str
    cite: str
    date: date


class Clock(Part):
    """One date of the law, with every step that leads to it."""

    measure: str
    regime: str
    due: date
    sentence: str
    steps: list[Step]


class MovedDate(Part):
    """That the date of the answer moved, and why."""

    at: datetime
    before: date
    after: date
    cause: str
    reason: str


class Proof(Part):
    """One proof of identity: how it went. The evidence itself is not here, only that there was some."""

    method: str
    level: int
    state: str
    asked_at: datetime
    given_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    reason: str
    pieces_of_evidence: int
    evidence_deleted_at: datetime | None


class MailedCode(Part):
    """That a code was mailed, for what, and when it was used."""

    purpose: str
    issued_at: datetime
    used_at: datetime | None


class Decision(Part):
    """Something a person decided, with the reason as it was written down."""

    what: str
    at: datetime | None
    by: str
    verdict: str
    code: str
    reason: str


class Question(Part):
    """A question to the person, or a fee, and what came of it."""

    topic: str
    asked_at: datetime
    words: str
    price: str
    ended_at: datetime | None
    ending: str
    answer: str


class SourceSearch(Part):
    """What one source was asked in a run, and how it ended; nothing of what it held."""

    source: str
    map_number: int
    map_sha256: str
    state: str
    asked_kinds: list[str]
    records: int
    collections: int
    ended_at: datetime | None
    left_out_because: str


class Run(Part):
    """One search."""

    number: int
    purpose: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    sources: list[SourceSearch]


class Change(Part):
    """One change in one source, with the receipt that the source or a person gave."""

    source: str
    kind: str
    attempt: int
    part: int
    hand: str
    state: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str
    records: int | None
    note: str
    receipt: str
    receipt_file_sha256: str
    confirmed_at: datetime | None
    read_back: list[str]


class Fetch(Part):
    """One download."""

    started_at: datetime
    by: str
    first_byte: int
    bytes_asked: int
    bytes_sent: int


class Volume(Part):
    """One zip of a copy."""

    number: int
    size: int
    sha256: str


class Bundle(Part):
    """One version of the answer, by its hash, and each time it was fetched."""

    number: int
    run: int
    state: str
    created_at: datetime
    built_at: datetime | None
    sha256: str
    size: int
    records: int
    files: int
    manifest_sha256: str
    volumes: list[Volume]
    released_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    fetches: list[Fetch]


class Path(Part):
    """The hashes beside an entry's way to the root of a statement (RFC 6962): with them it is proved to lie there."""

    statement: str = Field(description="The name of the statement's file in this pack.")
    size: int
    root: str
    hashes: list[str]


class Entry(Part):
    """An entry of the audit log as it was hashed, its sentence, and the proof that it is in the chain."""

    position: int
    sentence: str
    hashed: list[str] = Field(
        description="What its hash is over, in this order, each with its length before it."
    )
    hash: str
    proofs: list[Path]


class Chain(Part):
    """Where the whole log stood, whether it fitted itself and its anchors, and the entries of this request."""

    entries_in_all: int
    head: str
    flaw: str
    anchored_up_to: int
    statements: list[str]
    entries: list[Entry]


class File(Part):
    """Another file of the pack."""

    name: str
    size: int
    sha256: str


class SignedBy(Part):
    """Which key signed."""

    algorithm: Literal["Ed25519"]
    key_id: str
    public_key: str


class Outline(BaseModel):
    """What checking a pack needs of it, whichever version of the shape it has."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    format: Literal["omne-dsar/evidence"]
    version: Literal[1, 2]
    reference: str
    chain: Chain
    signed_by: SignedBy
    files: list[File]


class Evidence(Part):
    """The evidence of one request."""

    format: Literal["omne-dsar/evidence"]
    version: Literal[2]
    reference: str
    right: str
    law: str
    place: str
    controller: str
    state: str
    outcome: str
    closed_at: datetime | None
    made_at: datetime
    arrived: Arrived
    said_since: list[Said]
    clock_events: list[ClockEvent]
    clocks: list[Clock]
    moved_dates: list[MovedDate]
    identity_level: int
    proofs: list[Proof]
    codes: list[MailedCode]
    identities: list[Identity]
    decisions: list[Decision]
    review: list[ReviewAct]
    suggested: list[Suggested]
    questions: list[Question]
    messages: list[Message]
    letters: list[Letter]
    runs: list[Run]
    owner_tasks: list[OwnerTask]
    sweeps: list[Sweep]
    looks_beforehand: list[LookBeforehand]
    changes: list[Change]
    told: list[Told]
    bundles: list[Bundle]
    transmissions: list[Transmission]
    chain: Chain
    signed_by: SignedBy
    files: list[File] = Field(default_factory=list)
