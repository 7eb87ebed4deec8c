"""Starts Omne Desk: `python -m omne_dsar.demo.desk --port 8031 --data FILE`."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from omne_dsar.demo.desk.manners import Manners
from omne_dsar.demo.desk.records import RecordsFile
from omne_dsar.demo.desk.server import DEMO_TOKEN, DeskServer


def read_arguments(words: list[str]) -> argparse.Namespace:
    """The options; each habit can be set from the environment too."""
    parser = argparse.ArgumentParser(prog="desk", description="Omne Desk, the demo company's help desk.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("DESK_PORT", "8031")))
    parser.add_argument("--data", type=Path, required=True, help="one JSON record a line")
    for option, default, meaning in (
        ("per-minute", 600, "calls allowed in a minute, 0 for any number"),
        ("slow-ms", 0, "milliseconds every answer takes longer"),
        ("error-every", 0, "every so-many-eth call is answered 500, 0 for none"),
    ):
        name = f"DESK_{option.replace('-', '_').upper()}"
        parser.add_argument(
            f"--{option}", type=int, default=int(os.environ.get(name, default)), help=f"{meaning} ({name})"
        )
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Serve until told to stop."""
    options = read_arguments(words)
    if not options.data.exists():
        sys.stderr.write(
            "Omne Desk has no data: the file given with --data is not there. Run `make demo` once.\n"
        )
        return 2
    manners = Manners(per_minute=options.per_minute, slow_ms=options.slow_ms, error_every=options.error_every)
    token = os.environ.get("DESK_TOKEN", DEMO_TOKEN)
    records = RecordsFile(options.data)
    records.current()
    try:
        server = DeskServer(port=options.port, records=records, token=token, manners=manners)
    except OSError:
        sys.stderr.write(f"Port {options.port} is taken; set DESK_PORT to a free one.\n")
        return 1
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        server.server_close()
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
