"""Starts Wren Notes: `python -m omne_dsar.demo.wren --port 20041 --folder FOLDER --sender http://127.0.0.1:8000`."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from omne_dsar.demo.wren.callers import Sender
from omne_dsar.demo.wren.papers import papers_in
from omne_dsar.demo.wren.server import WrenServer
from omne_dsar.demo.wren.shelf import Shelf


def main(words: list[str]) -> int:
    """Take copies until told to stop."""
    parser = argparse.ArgumentParser(prog="wren", description="Wren Notes, to which people move.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="for its certificate and what arrives")
    parser.add_argument(
        "--sender", required=True, help="whose copies it takes: where that company's pages are"
    )
    options = parser.parse_args(words)
    papers = papers_in(options.folder)
    try:
        server = WrenServer(
            port=options.port,
            tls=papers.tls,
            signs=papers.receipts,
            sender=Sender(options.sender),
            shelf=Shelf(options.folder / "received", papers.receipts),
            tell=_say,
        )
    except OSError:
        sys.stderr.write(f"Port {options.port} is taken.\n")
        return 1
    signal.signal(signal.SIGTERM, _stop)
    try:
        # Whoever hears this may tell it to stop at once.
        _say("takes copies.")
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        server.server_close()
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"Wren Notes {text}\n")
    sys.stdout.flush()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
