"""What was left out of a finding, counted: records, fields, values and words, each by the law's reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fulfillment.findings.release.edits import Edit

RECORDS, FIELD, VALUE, WORDS, FILES = "records", "field", "value", "words", "files"


@dataclass(frozen=True, slots=True)
class Left:
    """So many records, files, values or places of one kind, left out for one reason; no word of what they say."""

    what: str
    reason_code: str
    count: int
    field: str = ""
    kind: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a row."""
        return {
            "what": self.what,
            "reason": self.reason_code,
            "count": self.count,
            "field": self.field,
            "kind": self.kind,
        }


class Tally:
    """Counts while records pass."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str, str]] = Counter()

    def withheld(self, reason_code: str) -> None:
        """A record stays out."""
        self._counts[RECORDS, reason_code, "", ""] += 1

    def edited(self, names: list[str], edits: Iterable[Edit]) -> None:
        """A record goes out changed; `names` are its fields in their order."""
        for edit in edits:
            what = FIELD if edit.is_dropped else VALUE if edit.is_whole else WORDS
            self._counts[what, edit.reason_code, names[edit.place[0]], edit.kind] += 1

    def without_files(self, reason_code: str, count: int) -> None:
        """Original files stay out with what was taken from their records."""
        self._counts[FILES, reason_code, "", ""] += count

    def result(self) -> tuple[Left, ...]:
        """What was counted, records first."""
        order = (RECORDS, FILES, FIELD, VALUE, WORDS)
        found = [
            Left(w, reason, count, name, kind) for (w, reason, name, kind), count in self._counts.items()
        ]
        return tuple(
            sorted(found, key=lambda each: (order.index(each.what), each.field, each.kind, each.reason_code))
        )
