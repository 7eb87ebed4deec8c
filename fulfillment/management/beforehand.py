"""What the look before a deletion showed in each source, for the terminal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.connectors.changing import Kept, Planned
from fulfillment.sources.models import DataSource
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation


@dataclass(frozen=True)
class Looks:
    """The looks of one request by source; only a deletion has any."""

    are_wanted: bool
    by_source: Mapping[UUID, Rehearsal]

    def of(self, source: DataSource) -> Rehearsal | None:
        """The look at a source; None where it has not been asked for yet."""
        return self.by_source.get(source.pk)


def looks_beforehand(subject_request: SubjectRequest) -> Looks:
    """What is known of a request's looks."""
    rows = Rehearsal.objects.filter(subject_request=subject_request).select_related("source")
    is_deletion = right(subject_request.right).operation is Operation.ERASE
    return Looks(is_deletion, {row.source_id: row for row in rows})


def beforehand(row: Rehearsal | None) -> dict[str, Any] | None:
    """A look as plain values; None where nobody has looked."""
    found = row.preflight if row is not None else None
    if row is None or found is None:
        return None
    return {
        "looked_at": row.looked_at.isoformat() if row.looked_at else None,
        "would": [
            {"collection": each.collection, "how": str(each.how), "rows": each.rows} for each in found.planned
        ],
        "keeps": [
            {
                "collection": each.collection,
                "rows": each.rows,
                "fields": list(each.fields),
                "why": each.why,
                "until": each.until.isoformat() if each.until else None,
            }
            for each in found.kept
        ],
        "words_stay": [
            {"collection": each.collection, "rows": each.rows, "why": each.why} for each in found.not_taken
        ],
        "in_the_way": list(found.problems),
        "by_hand": dict(found.by_hand),
    }


def beforehand_in_words(row: Rehearsal | None) -> Iterator[str]:
    """A look in lines; where it was not made, that."""
    if row is None:
        yield "What it would erase was not looked into yet: that follows the search."
        return
    if row.handed_by_id is not None:
        yield "It was handed to a person, who erases there by hand."
    found = row.preflight
    if found is None:
        yield row.in_the_way or f"{row.source.label} was not looked into."
        return
    day = date_format(timezone.localtime(row.looked_at), "j F Y, H:i") if row.looked_at else ""
    yield f"Looked into on {day}; nothing was changed:"
    yield from (f"  {_would(each)}" for each in found.planned)
    yield from (f"  {_keeps(each)}" for each in found.kept)
    yield from (f"  {each.collection}: words stay in {each.rows:,}. {each.why}" for each in found.not_taken)
    yield from (f"  {name}: {why}, so a person does it" for name, why in found.by_hand.items())
    yield from (f"  In the way: {problem}" for problem in found.problems)
    if not found.problems:
        yield "  Nothing stands in the way."


def _would(planned: Planned) -> str:
    return f"{planned.collection}: {planned.how} {planned.rows:,}"


def _keeps(kept: Kept) -> str:
    of_fields = f" ({', '.join(kept.fields)})" if kept.fields else ""
    until = f" until {date_format(kept.until, 'j F Y')}" if kept.until else ""
    return f"{kept.collection}{of_fields}: keep {kept.rows:,}{until}. {kept.why}"
