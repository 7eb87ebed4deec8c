#!/usr/bin/env python
"""Django's entry for commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run one command; what is missing is said in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OperationalError as error:
        # The rest of its text may hold an address or a statement.
        reason = "it does not answer" if "connection" in str(error) else "it broke off"
        sys.exit(f"The database: {reason}. Start `make demo`, or set DATABASE_URL to a server that runs.")


if __name__ == "__main__":
    main()
