"""`python -m bench`: measure everything and write docs/benchmarks.md; `--tiny` only shows that the bench works."""

import argparse
import json
import sys
import time

from bench.figures import TINY, Bench, Sizes
from bench.place import open_place
from bench.report import PAGE, written


def main() -> None:
    """Start servers, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="a shop of a few rows; nothing is written")
    options = parser.parse_args()
    begun = time.monotonic()

    def tell(measure: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:7.1f} s  {measure}\n")

    with open_place() as place:
        figures = Bench(place, TINY if options.tiny else Sizes(), tell).run()
    sys.stdout.write(json.dumps(figures) + "\n")
    if not options.tiny:
        PAGE.write_text(written(figures), encoding="utf-8")
        sys.stderr.write(f"Written to {PAGE}.\n")


if __name__ == "__main__":
    main()
