"""Take in one raw message from a mail server that hands it to a program."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from requests_app.encryption.errors import StoreAway, StoreFull
from requests_app.intake.email.limits import MEGABYTE
from requests_app.intake.inbox.doors.pipe import LARGEST, Piped, take_in

# EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again; at EX_UNAVAILABLE it tells the sender.
TRY_AGAIN, TOO_LARGE, BAD_INPUT = 75, 69, 2


class Command(BaseCommand):
    """`manage.py receive_mail < MESSAGE`: exit 0 once the message is stored, 75 if it could not be."""

    help = "Store one raw message from standard input, deal with it, and print one line of JSON about it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options: what a mail server knows beside the message."""
        parser.add_argument("--sender", default="", metavar="ADDRESS", help="the sender of the envelope")
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="a recipient of the envelope; may be given several times",
        )

    def handle(self, *_args: Any, sender: str, recipient: list[str], **_options: Any) -> None:
        """Store, then deal with it. Only what keeps it from being stored is handed back to the mail server."""
        raw = sys.stdin.buffer.read(LARGEST + 1)
        if not raw.strip():
            raise CommandError("Nothing came on standard input: give one raw message.", returncode=BAD_INPUT)
        if len(raw) > LARGEST:
            raise CommandError(
                f"The message is larger than {LARGEST // MEGABYTE} MB: its sender has to be told.",
                returncode=TOO_LARGE,
            )
        try:
            answer = take_in(Piped(raw=raw, mail_from=sender, rcpt_to=tuple(recipient)))
        except (StoreFull, StoreAway) as refused:
            raise CommandError(refused.sentence, returncode=TRY_AGAIN) from refused
        except (DatabaseError, OSError) as failure:
            # Never the error's own words: what could not be written may stand in them.
            raise CommandError(
                f"The message could not be stored ({type(failure).__name__}). It stays with the mail server.",
                returncode=TRY_AGAIN,
            ) from failure
        self.stdout.write(json.dumps(answer))
