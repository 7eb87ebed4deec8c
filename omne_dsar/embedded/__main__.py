"""`python -m omne_dsar.embedded demo`, or `services FOLDER`: only PostgreSQL and Valkey."""

import argparse
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from omne_dsar import environment
from omne_dsar.embedded import programs
from omne_dsar.embedded.demo import run_demo
from omne_dsar.embedded.errors import CannotStart
from omne_dsar.embedded.servers import Servers


def main() -> int:
    """Run until ctrl-C or TERM; what keeps it from running is one sentence."""
    options = _arguments()
    try:
        if options.what == "demo":
            run_demo(Path(environment.text("OMNE_VAR", str(programs.BASE / "var"))), reset=options.reset)
        else:
            _run_services(options.folder.resolve(), durable=not options.careless)
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m omne_dsar.embedded", description=__doc__)
    parts = parser.add_subparsers(dest="what", required=True)
    demo = parts.add_parser("demo", help="everything, with the demo company")
    demo.add_argument("--reset", action="store_true", help="forget everything first")
    services = parts.add_parser("services", help="only the servers; their addresses are printed as JSON")
    services.add_argument("folder", type=Path)
    services.add_argument("--careless", action="store_true", help="do not wait for the disk: for tests only")
    return parser.parse_args()


def _run_services(folder: Path, *, durable: bool) -> None:
    """Print the addresses as one JSON line, then wait."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    servers = Servers(folder, durable=durable)
    try:
        sys.stdout.write(json.dumps(asdict(servers.start())) + "\n")
        sys.stdout.flush()
        while True:
            signal.pause()
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
