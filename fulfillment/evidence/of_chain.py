"""Gather the audit entries of a request, and prove of each that it lies in the chain and under its anchors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fulfillment.evidence import document as d
from requests_app.audit.anchors.checkpoints import Checkpoint
from requests_app.audit.anchors.statement import Kind, Position, Statement, make_statement
from requests_app.audit.check import check_audit
from requests_app.audit.merkle import Witness
from requests_app.audit.models import AuditEntry
from requests_app.audit.record import facts_in, type_of
from requests_app.audit.verify import hashed_fields, one_moment
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.history import read_aloud

# By how many entries the log had, and by position: the hashes beside the way up.
_Led = dict[int, dict[int, list[str]]]


@dataclass(frozen=True)
class Proven:
    """The chain's part of the evidence, and the statements that its proofs lead to."""

    chain: d.Chain
    statements: tuple[Statement, ...]


def proven(asked: SubjectRequest, *, at: datetime) -> Proven:
    """The whole log is checked, signed as it stands, and each entry of this request proved to be in it.

    Of the rest of the log nothing is held in memory but what the proofs need.
    """
    with one_moment():
        report = check_audit()
        rows = AuditEntry.objects.filter(
            target_type=type_of(asked), target_id=str(asked.pk), position__isnull=False
        )
        entries = list(rows.order_by("position"))
        anchors = _around(report.reached.checkpoints, entries, end=_length())
        stood, led = _walked([each.position or 0 for each in entries], anchors)
    now = make_statement(Kind.EXPORT, stood, at=at)
    proofs = _proofs(entries, led, now, anchors)
    statements = (*anchors, now)
    chain = d.Chain(
        entries_in_all=stood.position,
        head=stood.hash,
        flaw=report.flaw,
        anchored_up_to=report.chain.anchored,
        statements=[file_name(each) for each in statements],
        entries=_entries(entries, proofs),
    )
    return Proven(chain, statements)


def file_name(statement: Statement) -> str:
    """Where a statement lies in the pack."""
    return f"anchors/{statement.name}"


def _length() -> int:
    return AuditEntry.objects.filter(position__isnull=False).count()


def _walked(positions: Sequence[int], anchors: Sequence[Statement]) -> tuple[Position, _Led]:
    """One walk along the chain: where it stands, and the way of each entry to the root at each size that matters."""
    sizes = {each.stood.position for each in anchors}
    witness, last, led = Witness(positions), "", {}
    hashes = AuditEntry.objects.filter(position__isnull=False).order_by("position")
    for last in hashes.values_list("hash", flat=True).iterator(chunk_size=5000):
        witness.add(last)
        if witness.size in sizes:
            led[witness.size] = witness.paths()
    led[witness.size] = witness.paths()
    return Position(witness.size, last, witness.root), led


def _around(found: Sequence[Checkpoint], entries: Sequence[AuditEntry], *, end: int) -> tuple[Statement, ...]:
    """The last anchor before the first entry, and all up to the first that covers the last entry."""
    anchors = sorted((each.statement for each in found), key=lambda each: each.stood.position)
    anchors = [each for each in anchors if each.stood.position <= end]
    if not entries:
        return ()
    first, last = entries[0].position or 0, entries[-1].position or 0
    before = [each for each in anchors if each.stood.position < first][-1:]
    within = [each for each in anchors if first <= each.stood.position < last]
    after = [each for each in anchors if each.stood.position >= last][:1]
    return (*before, *within, *after)


def _proofs(
    entries: Sequence[AuditEntry], led: _Led, now: Statement, anchors: Sequence[Statement]
) -> dict[int, list[d.Path]]:
    """For each entry its way to where the log stands now, and to the first anchor that covers it."""
    found: dict[int, list[d.Path]] = {}
    for entry in entries:
        position = entry.position or 0
        covering = [each for each in anchors if each.stood.position >= position][:1]
        # In a log that lacks entries an entry may stand where no way leads: then it is not proved, and that shows.
        found[position] = [
            _path(each, led[each.stood.position][position])
            for each in (now, *covering)
            if position in led[each.stood.position]
        ]
    return found


def _path(statement: Statement, beside: list[str]) -> d.Path:
    stood = statement.stood
    return d.Path(statement=file_name(statement), size=stood.position, root=stood.root, hashes=beside)


def _entries(entries: Sequence[AuditEntry], proofs: dict[int, list[d.Path]]) -> list[d.Entry]:
    sentences = read_aloud([(each.event, facts_in(each.facts)) for each in entries])
    return [
        d.Entry(
            position=each.position or 0,
            sentence=sentence,
            hashed=list(hashed_fields(each)),
            hash=each.hash,
            proofs=proofs[each.position or 0],
        )
        for each, sentence in zip(entries, sentences, strict=True)
    ]
