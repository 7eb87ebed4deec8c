"""The letters of `tests/data/emails`: what each asks for, in which language, and whether it was kept aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import yaml
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "tests" / "data" / "emails"
SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with the answer its author had in mind; `expected` is a right, `ordinary` or a circumstance."""

    language: str
    expected: str
    subject: str
    text: str

    @property
    def was_kept_aside(self) -> bool:
        """A third of the letters, chosen by their bytes, is not looked at while the words are chosen."""
        return crc32(self.text.encode()) % 3 == 0


def letters(*, circumstances: bool = False) -> Iterator[Letter]:
    """Yield every letter, or those that tell of a circumstance."""
    for path in sorted(FOLDER.glob("*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        told = content.pop("circumstances")
        if circumstances:
            for each in told:
                for expected, text in each.items():
                    yield _letter(path.stem, expected, text)
            continue
        for expected, texts in content.items():
            for text in texts:
                yield _letter(path.stem, expected, text)


def _letter(language: str, expected: str, text: str) -> Letter:
    head, blank, rest = text.partition("\n\n")
    if head.startswith(SUBJECT) and blank:
        return Letter(language, expected, head.removeprefix(SUBJECT), rest)
    return Letter(language, expected, "", text)
