"""What was judged on the way, as values: identities, decisions of the review, looks beforehand, sweeps, tasks."""

from datetime import datetime

from fulfillment.evidence.part import Part


class Identity(Part):
    """That the person was known by something of a kind, how that was found and who accepted it; not the value."""

    kind: str
    found: str
    place: str
    doubt: str
    state: str
    is_shared: bool
    found_at: datetime
    found_by: str
    decided_at: datetime | None
    decided_by: str


class ReviewAct(Part):
    """One act of the review: what was taken in, left out or covered, in how many places, and why."""

    source: str
    collection: str
    scope: str
    action: str
    rule: str
    field: str
    kind: str
    places: int
    code: str
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str


class Suggested(Part):
    """What was suggested as somebody else's, of one kind in one collection, and how many a person took or left."""

    source: str
    collection: str
    run: int
    kind: str
    accepted: int
    refused: int
    open: int


class LookBeforehand(Part):
    """What one source said before a deletion: how many records would go, be kept, and what stood in the way."""

    source: str
    map_number: int
    state: str
    looked_at: datetime | None
    decided_sha256: str
    records: int
    kept: int
    problems: list[str]
    given_to_a_person_by: str


class Sweep(Part):
    """One source gone through for traces of the person: how far, what kinds were found, how each was decided."""

    source: str
    purpose: str
    map_number: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    tables: int
    tables_in_all: int
    rows: int
    records_by_kind: dict[str, int]
    unread: int
    traces_by_decision: dict[str, int]


class Upload(Part):
    """A file that somebody handed in, by its hash."""

    collection: str
    is_document: bool
    size: int
    sha256: str
    uploaded_at: datetime


class OwnerTask(Part):
    """What whoever answers for a source was asked, and how they answered."""

    source: str
    purpose: str
    state: str
    asked_at: datetime
    answer_by: datetime
    reminded: int
    answer: str
    ended_at: datetime | None
    uploads: list[Upload]
