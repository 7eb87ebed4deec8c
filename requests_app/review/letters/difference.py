"""What differs between two versions of words, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from requests_app.letters.checking import Words


@dataclass(frozen=True)
class DiffLine:
    """One line: `sign` is + for new, − for gone, nothing for the same."""

    sign: str
    text: str


def difference(before: Words, after: Words) -> list[DiffLine]:
    """The lines of both, in order; empty when they say the same."""
    old = [before.subject, "", *before.body.splitlines()]
    new = [after.subject, "", *after.body.splitlines()]
    if old == new:
        return []
    lines: list[DiffLine] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            lines += [DiffLine("", line) for line in old[old_from:old_to] if line]
            continue
        lines += [DiffLine("−", line) for line in old[old_from:old_to] if line]
        lines += [DiffLine("+", line) for line in new[new_from:new_to] if line]
    return lines
