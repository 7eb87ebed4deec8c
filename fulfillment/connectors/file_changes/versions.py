"""New versions of files: what is done in one, pass after pass, read back before it may take the old one's place."""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from fulfillment.connectors.base import Heartbeat
from fulfillment.connectors.changing import ChangeOrder, How
from fulfillment.connectors.errors import Retryable
from fulfillment.connectors.file_changes.log import Entry, Part
from fulfillment.connectors.file_changes.rewriting import rewrite
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.file_changes.words import Words
from fulfillment.connectors.file_changes.writing import NewVersion, packing_of
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.trail import Sieve
from fulfillment.datamaps.descriptions import FilePattern


class Pass(Protocol):
    """One thing that is done in a file."""

    @property
    def collection(self) -> str:
        """Whose records are concerned."""

    def write(self, source: str, new: NewVersion) -> tuple[Part, ...]:
        """Write the file at `source` anew; what was done, or nothing. Raises Fatal, Retryable and OSError."""


@dataclass(frozen=True)
class RowsPass:
    """The person's own rows of one collection; where it `only_keeps`, they are looked at and stay."""

    store: FileStore
    path: str
    pattern: FilePattern
    sieve: Sieve
    edits: RowEdits
    only_keeps: bool

    @property
    def collection(self) -> str:
        """Of the map."""
        return self.edits.collection.name

    def write(self, source: str, new: NewVersion) -> tuple[Part, ...]:
        """As the map says."""
        self.edits.only_keeps = self.only_keeps
        name = self.store.shown(self.path)
        rewrite(
            self.store.filesystem,
            source,
            new,
            name=name,
            pattern=self.pattern,
            sieve=self.sieve,
            edits=self.edits,
        )
        rows, digest = self.edits.part()
        return (Part(self.collection, str(self.edits.how), rows, digest),) if rows else ()


@dataclass(frozen=True)
class WordsPass:
    """Words about the person in records of others."""

    words: Words
    secret: bytes = field(repr=False)

    @property
    def collection(self) -> str:
        """The collection whose files these are, or that of all other objects."""
        return next(iter(self.words.taken))

    def write(self, source: str, new: NewVersion) -> tuple[Part, ...]:
        """As it was looked up."""
        self.words.write(source, new)
        return tuple(
            Part(
                name,
                How.REDACT.value,
                len(found),
                hmac.new(self.secret, "\n".join(found).encode(), sha256).hexdigest(),
            )
            for name, found in self.words.taken.items()
        )


@dataclass(frozen=True)
class Version:
    """A file and its new version, with what the old one was when it was read."""

    path: str
    new: str
    was: str
    entry: Entry


@dataclass(frozen=True)
class Versions:
    """Writes them for one order."""

    store: FileStore
    order: ChangeOrder
    heartbeat: Heartbeat

    def written(self, path: str, passes: Sequence[Pass]) -> Version | None:
        """The new version of a file; None where nothing in it changes. Raises Fatal, Retryable."""
        made: list[NewVersion] = []
        try:
            was = self.store.fingerprint(path)
            parts: list[Part] = []
            for number, each in enumerate(passes):
                self.heartbeat()
                new = NewVersion(
                    self.store.filesystem,
                    self.store.beside(path, f"{self.order.key}.{number}"),
                    packed=packing_of(path),
                    secret=self.order.secret,
                )
                made.append(new)
                if done := each.write(made[-2].path if len(made) > 1 else path, new):
                    parts += done
                else:
                    self.store.remove(made.pop().path)
            if not made:
                return None
            return Version(path, made[-1].path, was, self._entry(path, made[-1], passes, parts))
        except OSError as error:
            self._remove(made)
            raise Retryable(
                f"{self.store.shown(path)} cannot be written anew ({type(error).__name__})."
            ) from None
        except BaseException:
            self._remove(made)
            raise
        finally:
            self._remove(made[:-1])

    def _entry(self, path: str, new: NewVersion, passes: Sequence[Pass], parts: Sequence[Part]) -> Entry:
        """Read back from the store: what it does not keep as it was written never takes the place of anything."""
        stored = self.store.hash_of(new.path, self.order.secret, heartbeat=self.heartbeat)
        if stored != new.digest:
            raise Retryable(f"{self.store.name} has not kept a new version of a file as it was written.")
        before = self.store.hash_of(path, self.order.secret, heartbeat=self.heartbeat)
        words = [each.words for each in passes if isinstance(each, WordsPass)]
        return Entry(
            self.store.shown(path),
            before,
            stored,
            tuple(parts),
            not_taken=tuple(
                (name, rows, why) for each in words for (name, why), rows in each.not_taken.items()
            ),
        )

    def _remove(self, made: Sequence[NewVersion]) -> None:
        for each in made:
            with suppress(OSError):
                self.store.remove(each.path)
