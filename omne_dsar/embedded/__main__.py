"""`python -m omne_dsar.embedded services FOLDER`: only PostgreSQL and Valkey, until told to stop."""

import argparse
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from omne_dsar.embedded.errors import CannotStart
from omne_dsar.embedded.servers import Servers


def main() -> int:
    """Print the addresses as one JSON line, then wait for ctrl-C or TERM."""
    parser = argparse.ArgumentParser(prog="python -m omne_dsar.embedded", description=__doc__)
    parser.add_argument("what", choices=["services"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--careless", action="store_true", help="do not wait for the disk: for tests only")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    servers = Servers(options.folder.resolve(), durable=not options.careless)
    try:
        sys.stdout.write(json.dumps(asdict(servers.start())) + "\n")
        sys.stdout.flush()
        while True:
            signal.pause()
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
