"""Shows that somebody is there without saying who: the first letter of each word, dots for the rest."""

import re

_WORD = re.compile(r"[^\s\-]+")


def masked_name(name: str) -> str:
    """Return "M•••• O••••••" for a name; what was purged reads as a dash."""
    return _WORD.sub(lambda word: word[0][0] + "•" * min(len(word[0]) - 1, 9), name.strip()) or "–"


def masked_address(address: str) -> str:
    """Return "m••••@o••••••.com": enough to recognise an address that one knows, too little to use it."""
    local, at, domain = address.partition("@")
    if not at:
        return masked_name(address)
    host, dot, ending = domain.rpartition(".")
    hidden_host = f"{host[:1]}{'•' * 4}" if dot else ""
    return f"{local[:1]}{'•' * 4}@{hidden_host}{dot}{ending}"
