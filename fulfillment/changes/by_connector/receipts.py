"""What the sources' own receipts say of a deletion: what stays and why, and which rows stay without the person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeKind, ChangeState
from fulfillment.connectors.changing import How, Kept, NotTaken
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class Receipted:
    """One collection of one source: how many rows stay whole, and how many stay with their values taken away.

    `stays` says why and until when, of whole rows and of single `fields` of rows that lost the rest. `takes_values`
    says that rows of this collection are never deleted, only emptied.
    """

    kept: int = 0
    masked: int = 0
    takes_values: bool = False
    stays: tuple[Kept, ...] = ()


def receipted(subject_request: SubjectRequest) -> dict[tuple[UUID, str], Receipted]:
    """By source and collection, of the last confirmed erasure of each source."""
    found: dict[tuple[UUID, str], Receipted] = {}
    for row in _confirmed(subject_request):
        if row.change.source_id is not None:
            found.update(_by_collection(row, row.change.source_id))
    return found


def made_without_end(subject_request: SubjectRequest) -> dict[tuple[UUID, str], int]:
    """By source and collection, how many records a source erased before its change stopped half way for good."""
    rows = SourceChange.objects.filter(
        change__subject_request=subject_request, change__kind=ChangeKind.ERASE, change__source__isnull=False
    )
    found: dict[tuple[UUID, str], int] = {}
    for row in rows.select_related("change"):
        made, source_id = row.made, row.change.source_id
        if made is None or source_id is None:
            continue
        for line in made.lines:
            if line.how is not How.REDACT:
                found[source_id, line.collection] = found.get((source_id, line.collection), 0) + line.rows
    return found


@dataclass(frozen=True)
class FilesWithoutEnd:
    """How many of a source's files were written anew before its change stopped half way for good."""

    source: str
    done: int
    total: int


def files_without_end(subject_request: SubjectRequest) -> tuple[FilesWithoutEnd, ...]:
    """The sources whose files are replaced in part; whoever ends such a change by hand says so for themselves."""
    return tuple(
        FilesWithoutEnd(row.change.source.label, made.objects_done, len(made.objects))
        for row in _erasing(subject_request)
        if (made := row.made) is not None
        and made.objects
        and row.change.source is not None
        and row.change.state != ChangeState.DONE
    )


def words_taken_out(subject_request: SubjectRequest) -> int:
    """Out of how many records of others the sources took words about the person, also where they did not end."""
    return sum(
        line.rows
        for row in _erasing(subject_request)
        if (said := row.receipt or row.made) is not None
        for line in said.lines
        if line.how is How.REDACT
    )


def words_left(subject_request: SubjectRequest) -> tuple[NotTaken, ...]:
    """The records of others in which accepted words stay, and why, by the last confirmed attempt of each source."""
    last = {
        row.change.source_id: row.receipt for row in _confirmed(subject_request) if row.receipt is not None
    }
    return tuple(each for receipt in last.values() for each in receipt.not_taken)


def _erasing(subject_request: SubjectRequest) -> QuerySet[SourceChange]:
    rows = SourceChange.objects.filter(change__subject_request=subject_request, change__kind=ChangeKind.ERASE)
    return rows.select_related("change__source").order_by("change__attempt")


def _confirmed(subject_request: SubjectRequest) -> QuerySet[SourceChange]:
    rows = SourceChange.objects.filter(
        change__subject_request=subject_request,
        change__kind=ChangeKind.ERASE,
        confirmed_at__isnull=False,
        change__source__isnull=False,
    )
    return rows.select_related("change").order_by("change__attempt")


def _by_collection(row: SourceChange, source_id: UUID) -> dict[tuple[UUID, str], Receipted]:
    receipt = row.receipt
    if receipt is None:
        return {}
    masked = {each.collection: each.rows for each in receipt.lines if each.how is How.MASK}
    # A source that deletes and names fields all the same means the whole of these rows.
    kept = [each if each.collection in masked else replace(each, fields=()) for each in receipt.kept]
    names = dict.fromkeys((*masked, *(each.collection for each in kept)))
    found = {
        name: _received(masked.get(name), [each for each in kept if each.collection == name])
        for name in names
    }
    # A further attempt that met nothing in a collection takes nothing back of what an earlier one said.
    return {(source_id, name): each for name, each in found.items() if each.masked or each.stays}


def _received(masked: int | None, kept: list[Kept]) -> Receipted:
    return Receipted(
        kept=sum(each.rows for each in kept if not each.fields),
        masked=masked or 0,
        takes_values=masked is not None,
        stays=tuple(_together(kept)),
    )


def _together(kept: Iterable[Kept]) -> Iterable[Kept]:
    """Fields that stay in as many rows, for the same reason and until the same day, in one sentence."""
    found: dict[tuple[int, str, object, bool], Kept] = {}
    for each in kept:
        alike = (each.rows, each.why, each.until, bool(each.fields))
        if each.fields and alike in found:
            each = replace(each, fields=tuple(dict.fromkeys((*found[alike].fields, *each.fields))))
        found[alike] = each
    return found.values()
