"""`python -m bench [PART…]`: measure, keep the figures, write docs/benchmarks.md; `--tiny` only shows that it works."""

import argparse
import sys
import time

from bench import report
from bench.figures import PARTS, TINY, Bench, Sizes
from bench.place import open_place


def main() -> None:
    """Start servers, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help=f"what to measure anew ({', '.join(PARTS)}); without any, all"
    )
    parser.add_argument("--tiny", action="store_true", help="a shop of a few rows; nothing is written")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    begun = time.monotonic()

    def tell(measure: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:7.1f} s  {measure}\n")

    with open_place() as place:
        bench = Bench(place, TINY if options.tiny else Sizes(), tell)
        bench.prepare()
        for part in options.parts or PARTS:
            bench.figures.clear()
            getattr(bench, part)()
            if not options.tiny:
                report.keep(part, bench.figures)
    tell("done")


if __name__ == "__main__":
    main()
