#!/usr/bin/env python
"""Django's entry for commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; what is missing in the settings is said in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
