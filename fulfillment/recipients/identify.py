"""By what a recipient knows the person: a value that stands in what it had from us, and nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from fulfillment.findings.selectors import findings_of
from fulfillment.findings.store import FindingsLost, lines_of
from fulfillment.identities.selectors import query_for
from fulfillment.recipients.models import Recipient
from fulfillment.recipients.places import Place
from requests_app.lifecycle.models import SubjectRequest

# One person's number in one system is one or a few; more than that is a wrong field.
MOST_VALUES = 20
MOST_ROWS = 20_000


@dataclass(frozen=True)
class KnownAs:
    """What the field is called, and what it says of the person."""

    label: str
    kind: str
    values: tuple[str, ...] = field(repr=False)


def known_as(
    recipient: Recipient, subject_request: SubjectRequest, places: Iterable[Place]
) -> KnownAs | None:
    """The person as this recipient knows them; None where that cannot be said, and a person has to.

    `places` are those that the recipient has had. What the search found there comes first; the address by which the
    search was made stands in for it where the field is one of addresses.
    """
    source, _, rest = recipient.known_by.partition("/")
    collection, _, name = rest.rpartition("/")
    place = next((each for each in places if each.key == f"{source}/{collection}"), None)
    known = place.field(name) if place else None
    if place is None or known is None:
        return None
    values = _found(subject_request, source, collection, name)
    if not values and known.identity:
        values = query_for(subject_request).values(known.identity)[:1]
    if not values or len(values) > MOST_VALUES:
        return None
    return KnownAs(known.label, known.identity or name, values)


def _found(subject_request: SubjectRequest, source: str, collection: str, name: str) -> tuple[str, ...]:
    findings = [
        each.finding
        for part in findings_of(subject_request)
        if part.task.source.key == source
        for each in part.findings
        if each.collection.name == collection and each.finding.row_count
    ]
    values: dict[str, None] = {}
    try:
        for finding in findings:
            if finding.row_count > MOST_ROWS:
                return ()
            for line in lines_of(finding):
                value = json.loads(line).get(name)
                if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                    values[str(value).strip()] = None
    except FindingsLost:
        return ()
    return tuple(values)
