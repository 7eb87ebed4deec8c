"""References such as OM-4F7K-92QD: easy to read aloud, impossible to guess, free of look-alikes."""

import re
import secrets

from requests_app.lifecycle.errors import UnknownReference

# No 0/O, 1/I/L, U: a reference is spoken on the phone and typed from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "OM"
_SHAPE = re.compile(rf"^{PREFIX}-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{4}})$")


def new_reference() -> str:
    """A fresh reference; 30^8 are possible."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def read_reference(typed: str) -> str:
    """The reference as we write it, from what a person typed: any case, with or without dashes and spaces.

    Raises UnknownReference when it cannot be one.
    """
    match = _SHAPE.match(re.sub(r"\s", "", typed).upper())
    if match is None:
        raise UnknownReference("A reference looks like OM-4F7K-92QD. Please check what you typed.")
    return f"{PREFIX}-{match[1]}-{match[2]}"
