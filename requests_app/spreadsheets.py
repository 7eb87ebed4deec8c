"""Texts that no spreadsheet runs as a formula, whatever it takes for the end of a cell.

A spreadsheet splits a CSV by its country's separator: where that is a semicolon, our commas end no cell, and our
quotation marks, which then stand in the middle of one, keep nothing together, not even lines. So what would begin a
formula behind any separator or line's end gets an apostrophe in front, as OWASP advises for the start of a cell.
"""

import re

# Semicolon (half of Europe), tab (what is pasted, LibreOffice), Arabic semicolon (Persian), bar (chosen by hand).
SEPARATORS = ";\t|\u061b"
# Passed over by programs that trim.
_BLANKS = " \u00a0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
# What starts a formula, full-width forms too; programs with Japanese settings take those for the others.
_STARTS = "=+\\-@＝＋－＠"
_AT_THE_START = re.compile(f"[{_BLANKS}]*[{_STARTS}]|[\\t\\r\\n]")
# A mark of quotation that begins such a part may be ended by the next one, with the formula behind it.
_BEHIND = {end: re.compile(f'{re.escape(end)}(?=["{_BLANKS}]*[{_STARTS}])') for end in f"\r\n{SEPARATORS}"}
_FIRST = re.compile(f"[{_BLANKS}{_STARTS}\\t\\r\\n]")


def harmless(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet would begin a formula."""
    kept = _harmless_behind(text)
    return f"'{kept}" if _AT_THE_START.match(text) else kept


def harmless_all(texts: list[str]) -> list[str]:
    """The same of many texts, looked at together, which is sooner done than one by one."""
    together = "\0".join(texts)
    kept = _harmless_behind(together)
    if kept != together:
        parts = kept.split("\0")
        # A text may hold the mark that they were joined by.
        texts = parts if len(parts) == len(texts) else list(map(_harmless_behind, texts))
    if _FIRST.search("".join({text[:1] for text in texts})):
        return [f"'{text}" if _AT_THE_START.match(text) else text for text in texts]
    return texts


def _harmless_behind(text: str) -> str:
    for end, behind in _BEHIND.items():
        if end in text:
            text = behind.sub(f"{end}'", text)
    return text
