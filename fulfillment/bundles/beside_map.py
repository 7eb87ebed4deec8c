"""What sweeps found beside the maps and a person accepted: the words about the person, never the record around them."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from fulfillment.bundles.contents import CollectionContent, FieldContent, SourceContent, Withheld
from fulfillment.connectors.rows import json_line
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Trace
from fulfillment.sweeps.selectors import accepted_traces
from requests_app.lifecycle.models import SubjectRequest

# No table is called so.
KEY = "beside the map"
LABEL = "Found beside its known tables"
ABOUT = (
    "Places that say something about you, found by going through the whole system. Only the words about you."
)
FIELDS = (
    FieldContent("where", "Where it stands"),
    FieldContent("known_by", "What you are known by there"),
    FieldContent("words", "The words about you"),
)
LINES_AT_ONCE = 500


def traces_by_source(subject_request: SubjectRequest) -> list[tuple[DataSource, list[Trace]]]:
    """The accepted traces of a request, source by source."""
    found = accepted_traces(subject_request)
    return [(source, list(traces)) for source, traces in groupby(found, key=lambda each: each.sweep.source)]


def collection_of(
    source: DataSource, traces: list[Trace], *, withheld: Withheld | None, is_narrow: bool
) -> CollectionContent:
    """The accepted traces of one source as a collection of the copy."""
    return CollectionContent(
        source_key=source.key,
        source_label=source.label,
        key=KEY,
        label=LABEL,
        about=ABOUT,
        fields=() if is_narrow else FIELDS,
        row_count=len(traces),
        open_rows=tuple if is_narrow else partial(_blocks, traces),
        withheld=withheld,
        is_named_only=is_narrow,
    )


def source_of(source: DataSource) -> SourceContent:
    """A source that was gone through and is in no search any more."""
    return SourceContent(source.key, source.label, _("everything you are known by, record by record"), 0)


def shown_words(trace: Trace) -> dict[str, Any]:
    """What of a trace goes into the copy: the place, what led there, and the words; not the key of the record."""
    kinds = dict.fromkeys(each["by"].replace("_", " ") for each in trace.words)
    words = dict.fromkeys(each["words"] for each in trace.words)
    where = f"{trace.table}: {', '.join(trace.columns)}"
    return {"where": where, "known_by": ", ".join(kinds), "words": "\n".join(words)}


def _blocks(traces: list[Trace]) -> Iterator[bytes]:
    for first in range(0, len(traces), LINES_AT_ONCE):
        yield b"\n".join(json_line(shown_words(each)) for each in traces[first : first + LINES_AT_ONCE])
