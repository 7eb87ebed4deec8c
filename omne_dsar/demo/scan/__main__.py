"""Prints what the sources hold about an address: `python -m omne_dsar.demo.scan EMAIL --erp URL`."""

import argparse
import json
import sys
from pathlib import Path

from omne_dsar.demo.scan import count_person


def main(words: list[str]) -> int:
    """Count and print, one line a collection or as JSON."""
    parser = argparse.ArgumentParser(prog="scan", description="The plain scan of the demo's three sources.")
    parser.add_argument("email")
    parser.add_argument("--erp", required=True, help="URL of the ERP's database")
    parser.add_argument(
        "--folder", type=Path, default=Path("var/demo"), help="where desk.jsonl and events/ are"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    counts = count_person(
        options.email,
        erp_url=options.erp,
        desk_file=options.folder / "desk.jsonl",
        events_folder=options.folder / "events",
    )
    if options.json:
        sys.stdout.write(json.dumps(counts) + "\n")
        return 0
    for source, collections in counts.items():
        for collection, count in collections.items():
            sys.stdout.write(f"{count:>8}  {source}/{collection}\n")
    sys.stdout.write(f"{sum(sum(each.values()) for each in counts.values()):>8}  rows\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
