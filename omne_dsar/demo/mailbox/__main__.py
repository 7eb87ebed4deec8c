"""Starts the mailbox: `python -m omne_dsar.demo.mailbox --folder var/mail`."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from omne_dsar.demo.mailbox.folder import MailFolder
from omne_dsar.demo.mailbox.server import MailboxServer
from omne_dsar.demo.mailbox.sink import start_sink


def main(words: list[str]) -> int:
    """Take and show mail until told to stop."""
    parser = argparse.ArgumentParser(prog="mailbox", description="The demo's mailbox.")
    parser.add_argument("--smtp-port", type=int, default=int(os.environ.get("SMTP_PORT", "2525")))
    parser.add_argument("--http-port", type=int, default=int(os.environ.get("MAILBOX_PORT", "8025")))
    parser.add_argument("--folder", type=Path, default=Path("var/mail"))
    options = parser.parse_args(words)
    folder = MailFolder(options.folder)
    try:
        server = MailboxServer(folder, options.http_port)
    except OSError:
        sys.stderr.write(f"Port {options.http_port} is taken; set MAILBOX_PORT to a free one.\n")
        return 1
    try:
        sink = start_sink(folder, options.smtp_port)
    except OSError:
        sys.stderr.write(f"Port {options.smtp_port} is taken; set SMTP_PORT to a free one.\n")
        return 1
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        server.server_close()
        sink.stop()
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
