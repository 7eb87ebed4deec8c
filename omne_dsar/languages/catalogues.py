"""The catalogues: one file of translations per language, brought up to date with the source and compiled."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE = Path(__file__).resolve().parents[1] / "locale"
# How many forms a number takes and which one is meant, as Django itself counts in these languages.
PLURALS = {
    "ar": (
        6,
        "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5",
    ),
    "fr": (2, "(n > 1)"),
    "ja": (1, "0"),
    "pl": (
        4,
        "(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? 1 : n!=1 && (n%10>=0 && n%10<=1)"
        " || (n%10>=5 && n%10<=9) || (n%100>=12 && n%100<=14) ? 2 : 3)",
    ),
    "pt_BR": (2, "(n > 1)"),
    "tr": (2, "(n > 1)"),
}
_TWO_FORMS = (2, "(n != 1)")


def paths() -> list[Path]:
    """The files of all languages, in the order of their codes."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def language_of(path: Path) -> str:
    """The name of the folder that a catalogue lies in, as `pt_BR`."""
    return path.parents[1].name


def empty(language: str) -> Catalog:
    """A catalogue without a message, which counts as its language does."""
    catalog = Catalog(locale=language, charset="utf-8")
    catalog.mime_headers = [("Plural-Forms", _plural_forms(language))]
    return catalog


def read(path: Path) -> Catalog:
    """The catalogue in a file. Raises PoFileError with the line for a file that is none."""
    with path.open("rb") as file:
        return read_po(file, locale=language_of(path), abort_invalid=True)


def brought_up_to_date(catalog: Catalog, gathered: Catalog) -> Catalog:
    """The same translations for the messages that the source has now; what is new stands there without one."""
    renewed = empty(str(catalog.locale))
    for message in gathered:
        if message.id:
            known = catalog.get(message.id, message.context)
            renewed.add(
                message.id,
                known.string if known else ("" if isinstance(message.id, str) else ("",)),
                locations=[(name, 0) for name in sorted({name for name, _line in message.locations})],
                context=message.context,
            )
    return renewed


def write(path: Path, catalog: Catalog) -> None:
    """Write a catalogue so that a change shows as the lines that changed: no dates, no line numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        head = (
            'msgid ""\nmsgstr ""\n'
            f'"Language: {language_of(path)}\\n"\n'
            '"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=UTF-8\\n"\n'
            '"Content-Transfer-Encoding: 8bit\\n"\n'
            f'"Plural-Forms: {_plural_forms(language_of(path))}\\n"\n\n'
        )
        file.write(head.encode())
        write_po(file, catalog, width=100, omit_header=True, sort_output=False, include_lineno=False)


def gaps(path: Path, gathered: Catalog) -> Iterator[str]:
    """A line for each message of the source that a catalogue says nothing, or not enough, about."""
    catalog, (forms, _expression) = read(path), PLURALS.get(language_of(path), _TWO_FORMS)
    for message in gathered:
        if message.id and not _is_whole(catalog.get(message.id, message.context), forms):
            words = message.id if isinstance(message.id, str) else message.id[0]
            yield f"{language_of(path)}: {message.locations[0][0]}: {words}"


def _is_whole(message: Message | None, forms: int) -> bool:
    if message is None or message.fuzzy:
        return False
    if isinstance(message.id, str):
        return bool(message.string)
    words = message.string or ()
    return len(words) == forms and all(words)


def _plural_forms(language: str) -> str:
    forms, expression = PLURALS.get(language, _TWO_FORMS)
    return f"nplurals={forms}; plural={expression};"


def compile_what_changed() -> list[Path]:
    """Compile each catalogue that is younger than what was made of it; return those that were."""
    compiled = []
    for path in paths():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            _compile(path, target)
            compiled.append(target)
    return compiled


def _compile(path: Path, target: Path) -> None:
    unfinished = target.with_suffix(".mo.new")
    with path.open("rb") as file:
        catalog = read_po(file, locale=language_of(path), abort_invalid=True)
    with unfinished.open("wb") as file:
        write_mo(file, catalog)
    # Another process may be reading the old one.
    unfinished.replace(target)
