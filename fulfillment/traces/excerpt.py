"""The words about a person out of a text that somebody else wrote: their sentence, without anybody else's address."""

import re

from fulfillment.traces.patterns import Match

# What a sentence may have at most on either side.
AROUND = 160
ANOTHER = "[…]"
_ENDS = re.compile(r"[.!?…]\s|[\r\n]+")
_ADDRESSES = re.compile(
    r"[\w.%+\-]+@[\w\-]+(?:\.[\w\-]+)+"
    r"|\b[A-Z]{2}\d{2}(?:[ ]?[0-9A-Z]{4}){3,7}\b"
    r"|(?<!\w)\+?\d(?:[ ()./\-]{0,2}\d){7,17}(?!\w)"
)


def words_about(text: str, match: Match, own: list[Match]) -> str:
    """The sentence around a match; addresses, numbers and accounts in it that are not the person's are left out."""
    start, end = _sentence(text, match)
    written, last = [], start
    for other in _ADDRESSES.finditer(text, start, end):
        is_own = any(each.start < other.end() and other.start() < each.end for each in own)
        if not is_own:
            written += [text[last : other.start()], ANOTHER]
            last = other.end()
    written.append(text[last:end])
    words = "".join(written).strip()
    return f"{'…' if start and not _begins(text, start) else ''}{words}{'' if end == len(text) else '…'}"


def _sentence(text: str, match: Match) -> tuple[int, int]:
    floor, ceiling = max(0, match.start - AROUND), min(len(text), match.end + AROUND)
    start = max((each.end() for each in _ENDS.finditer(text, floor, match.start)), default=floor)
    if start == floor and floor:
        # Not from the middle of a word.
        start = min(match.start, floor + text[floor : match.start].find(" ") + 1)
    ended = _ENDS.search(text, match.end, ceiling)
    if ended:
        return start, ended.start() + 1
    if ceiling == len(text):
        return start, ceiling
    cut = text[match.end : ceiling].rfind(" ")
    return start, match.end + cut if cut > 0 else ceiling


def _begins(text: str, start: int) -> bool:
    return bool(_ENDS.fullmatch(text[max(0, start - 2) : start]) or text[start - 1] in "\r\n")
