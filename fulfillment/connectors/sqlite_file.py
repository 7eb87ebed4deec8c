"""Which files may be opened as a SQLite source: those of the folders that the operator named, and no other."""

from pathlib import Path

from django.conf import settings

from fulfillment.connectors.errors import NotConfigured, Retryable

_MAGIC = b"SQLite format 3\x00"


def allowed_file(path: str) -> Path:
    """The file at a path, links followed. Raises NotConfigured for one that may not be opened, or is none.

    Who may enter settings must not read our own files, nor the system's, and not learn what is there.
    """
    try:
        found = Path(path).resolve()
        folders = [Path(folder).resolve() for folder in settings.SQLITE_FOLDERS]
    except (OSError, RuntimeError, ValueError):
        raise NotConfigured("The path of this SQLite source cannot be used.") from None
    if not Path(path).is_absolute() or not any(found.is_relative_to(folder) for folder in folders):
        raise NotConfigured("The path of this SQLite source is in none of the folders of SQLITE_FOLDERS.")
    if not found.is_file():
        raise NotConfigured("There is no file at the path of this SQLite source.")
    _refuse_other_content(found)
    return found


def _refuse_other_content(path: Path) -> None:
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_MAGIC))
    except OSError:
        raise Retryable("The file of this SQLite source cannot be read now.") from None
    if beginning != _MAGIC:
        raise NotConfigured("The file at the path of this SQLite source is no SQLite database.")
