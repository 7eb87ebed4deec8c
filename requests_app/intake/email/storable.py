"""Text that PostgreSQL, JSON and a page can hold: no NUL, no lone surrogate, no control that hides what is said."""

import re
import unicodedata

# C0 and C1 controls but tab and line feed, lone surrogates, and the two non-characters at the end of the plane.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
# Marks that turn the reading direction: "annex\u202efdp.exe" reads as annexexe.pdf.
HIDING = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
BLANKS = re.compile(r"\s+")
FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
NAME_LENGTH = 180
SUFFIX_LENGTH = 16


def storable_text(text: str) -> str:
    """Return text with line feeds as its only line ends and nothing that cannot be stored."""
    return UNSTORABLE.sub("", LINE_ENDS.sub("\n", text))


def storable_line(text: str) -> str:
    """Return text on one line, without blanks around it."""
    return BLANKS.sub(" ", UNSTORABLE.sub(" ", text)).strip()


def storable_name(name: str) -> str:
    """Return the last part of a file name, without paths, controls or marks that hide its ending."""
    visible = HIDING.sub("", storable_line(name))
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", visible))[-1]
    clean = FORBIDDEN_IN_NAMES.sub("_", last).strip(" .")
    if len(clean) <= NAME_LENGTH:
        return clean
    stem, dot, suffix = clean.rpartition(".")
    if not dot or len(suffix) > SUFFIX_LENGTH:
        return clean[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(suffix) - 1]}.{suffix}"
