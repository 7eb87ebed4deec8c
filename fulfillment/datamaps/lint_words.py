"""What the translations of a map's words lack, and what they speak of that the map does not say."""

from collections.abc import Iterator

from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.document import Document, Path
from fulfillment.datamaps.errors import Problem, Severity
from fulfillment.datamaps.languages import texts_of

_NAMED = 3


def words_of(data_map: DataMap, document: Document, place: Path) -> Iterator[Problem]:
    """A warning for each language that misses words, and for each word that is nobody's."""
    said = dict.fromkeys(texts_of(data_map)) if data_map.words else {}
    for language, words in data_map.words.items():
        here: Path = (*place, "meta", "omne", "words", language)
        missing = [text for text in said if text not in words]
        if missing:
            named = ", ".join(f"“{text}”" for text in missing[:_NAMED]) + (", …" if missing[_NAMED:] else "")
            yield _warning(
                document.line(*here), f"{language} lacks {len(missing)} words of this map: {named}"
            )
        for text in words.keys() - said.keys():
            line = document.line(*here, text)
            yield _warning(line, f"{language} translates “{text}”, which nothing in this map says.")


def _warning(line: int, sentence: str) -> Problem:
    return Problem(Severity.WARNING, line, sentence)
