"""Prints precision and recall of both parts."""

import sys

from tests.fulfillment.findings.suggestions.corpus.scoring import score

for part in ("worked_with", "kept_aside"):
    found = score(part)
    sys.stdout.write(
        f"{part}: {found.names} names, recall {found.recall:.3f} ({found.found}); "
        f"{found.suggested} suggestions, precision {found.precision:.3f} ({found.right})\n"
    )
