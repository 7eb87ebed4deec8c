"""Whether a word is a given name somewhere: a list that lies beside this file, read once."""

from functools import lru_cache
from pathlib import Path

from fulfillment.traces.folding import loose

LIST = Path(__file__).with_suffix(".txt")
# Cases of names in languages that inflect them, each with what the name ends with when it is nobody's.
_ENDINGS = "iem: em: owi: a: ou:a om: e:a y:a rel: val: vel: ом: ем:й ой:а у:а е:а ы:а а:"
ENDINGS = tuple(each.split(":") for each in _ENDINGS.split())
SHORTEST_STEM = 3


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


@lru_cache(maxsize=50_000)
def is_given_name(word: str) -> bool:
    """Whether a word, or the first part of one with a hyphen, is a given name as it stands."""
    return loose(word).partition("-")[0] in _listed()


@lru_cache(maxsize=50_000)
def may_be_given_name(word: str) -> bool:
    """The same, or one of the cases in which some languages put it."""
    if is_given_name(word):
        return True
    folded = loose(word)
    stems = (
        f"{folded.removesuffix(ending)}{instead}"
        for ending, instead in ENDINGS
        if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST_STEM
    )
    return any(stem in _listed() for stem in stems)
