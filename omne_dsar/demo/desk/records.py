"""The records of the help desk, kept in memory as the JSON they are answered with."""

import json
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

Lines = list[str]

# By which field each kind can be searched in a query.
SEARCHED_BY = {
    "users": "email",
    "tickets": "requester_email",
    "satisfaction_ratings": "requester_email",
    "chats": "visitor_email",
}


class RecordsFile:
    """The file the records come from, read again when it is replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._stamp = 0
        self._records = Records()

    def current(self) -> "Records":
        """What the file holds now."""
        stamp = self.path.stat().st_mtime_ns
        with self._lock:
            if stamp != self._stamp:
                self._records, self._stamp = Records.read(self.path), stamp
            return self._records


class Records:
    """All records, found by kind and address, or by ticket."""

    def __init__(self) -> None:
        self.all: dict[str, Lines] = defaultdict(list)
        self.by_address: dict[tuple[str, str], Lines] = defaultdict(list)
        self.comments: dict[int, Lines] = defaultdict(list)
        self.tickets: dict[int, str] = {}
        self.merged: dict[str, list[str]] = defaultdict(list)

    @classmethod
    def read(cls, path: Path) -> "Records":
        """Read a file of one record a line."""
        records = cls()
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                records.add(record.pop("kind"), record)
        return records

    def add(self, kind: str, record: dict[str, Any]) -> None:
        """Keep one record under everything it is found by."""
        if kind == "merges":
            self.merged[folded(record["email"])].append(folded(record["old_email"]))
            return
        text = json.dumps(record, ensure_ascii=False)
        if kind == "comments":
            self.comments[record["ticket_id"]].append(text)
            return
        if kind == "tickets":
            self.tickets[record["id"]] = text
        self.all[kind].append(text)
        self.by_address[kind, folded(record[SEARCHED_BY[kind]])].append(text)

    def every(self, kind: str) -> Lines:
        """All records of a kind, whoever they are about."""
        if kind == "comments":
            return [line for lines in self.comments.values() for line in lines]
        return self.all.get(kind, [])

    def search(self, kind: str, address: str | None) -> Lines:
        """The records of a kind: all, or those of one address, in any letter case, and of profiles merged into it."""
        if address is None:
            return self.all.get(kind, [])
        known_as = (folded(address), *self.merged.get(folded(address), ()))
        return [line for each in known_as for line in self.by_address.get((kind, each), ())]


def folded(address: str) -> str:
    """An address as it is compared."""
    return address.strip().casefold()
