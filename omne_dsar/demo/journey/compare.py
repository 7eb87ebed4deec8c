"""Count the rows of a bundle, and lay them beside what a plain scan of the sources finds."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

Counts = dict[str, int]


@dataclass(frozen=True)
class Comparison:
    """Rows by "source/collection", as the bundle has them and as the scan finds them."""

    in_bundle: Counts
    in_sources: Counts

    @property
    def differences(self) -> dict[str, tuple[int, int]]:
        """Where the two are not equal: (bundle, sources)."""
        keys = self.in_bundle.keys() | self.in_sources.keys()
        pairs = {key: (self.in_bundle.get(key, 0), self.in_sources.get(key, 0)) for key in sorted(keys)}
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def rows(self) -> tuple[int, int]:
        """All rows: (bundle, sources)."""
        return sum(self.in_bundle.values()), sum(self.in_sources.values())


def rows_in_bundle(path: Path) -> Counts:
    """How many records each collection has in data.json; names of files would not do, they are made plain."""
    with zipfile.ZipFile(path) as bundle:
        sources = json.loads(bundle.read("data.json"))["sources"]
    return {
        f"{source['key']}/{collection['key']}": len(collection["records"])
        for source in sources
        for collection in source["collections"]
        if collection["records"]
    }
