"""From a filled form about one record to the decisions that are meant: words become the characters they stand at."""

import re
from collections.abc import Mapping
from typing import Any

from fulfillment.findings.decisions.models import Action, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.models import Finding
from fulfillment.findings.release.places import from_text, read_record, value_in
from fulfillment.findings.store import page_of
from requests_app.errors import BadInput


def chosen(finding: Finding, answers: Mapping[str, Any]) -> list[Wanted]:
    """One decision, or one for each place where the words stand in the value. Raises BadInput, FindingsLost."""
    action, line = Action(answers["action"]), int(answers["line"])
    place, start, end = answers.get("place") or "", answers.get("start"), answers.get("end")
    spans: list[tuple[int | None, int | None]] = [(start, end) if end is not None else (None, None)]
    words = (answers.get("words") or "").strip()
    if place:
        value = _value_at(finding, line, place)
        spans = _stretches(value, words) if words else spans
    return [
        Wanted(
            Scope.ITEM,
            action,
            reason_code=answers["reason_code"] if action != Action.INCLUDE else "",
            note=answers["note"],
            line=line,
            place=place,
            start=first,
            end=last,
        )
        for first, last in spans
    ]


def _value_at(finding: Finding, line: int, place: str) -> Any:
    page, row = divmod(line - 1, Finding.PAGE_ROWS)
    lines = page_of(finding, page=page + 1)
    try:
        return value_in(read_record(lines[row]), from_text(place))
    except (LookupError, ValueError):
        raise BadInput("There is no such value. Open the page again.") from None


def _stretches(value: Any, words: str) -> list[tuple[int | None, int | None]]:
    written = r"\s+".join(re.escape(word) for word in words.split())
    found = [hit.span() for hit in re.finditer(written, str(value), re.IGNORECASE)]
    if not found:
        raise BadInput("These words do not stand in the value.")
    return list(found)
