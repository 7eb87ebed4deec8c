"""A folder or bucket of files behind one face, with paths that people can read."""

from glob import escape
from typing import Any

import fsspec
from fsspec import AbstractFileSystem

from fulfillment.connectors.errors import NotConfigured, Retryable


class FileStore:
    """The files below a root; `name` is what people call the source."""

    def __init__(self, root: str, options: dict[str, Any], name: str) -> None:
        self.name = name
        try:
            found = fsspec.core.url_to_fs(root, skip_instance_cache=True, use_listings_cache=False, **options)
        except (ImportError, ValueError):
            raise NotConfigured(f"The root of {name} is of a kind whose library is not installed.") from None
        self.filesystem: AbstractFileSystem = found[0]
        self._root = str(found[1]).rstrip("/")

    def files(self, pattern: str) -> list[str]:
        """The files a pattern finds, in order. Raises NotConfigured for a pattern that finds none."""
        try:
            found = sorted(str(each) for each in self.filesystem.glob(f"{escape(self._root)}/{pattern}"))
        except (OSError, ValueError) as error:
            raise Retryable(f"The folder of {self.name} cannot be listed ({type(error).__name__}).") from None
        if not found:
            raise NotConfigured(f"No file of {self.name} is at {pattern}, where its map looks.")
        return found

    def shown(self, path: str) -> str:
        """A file as people know it: by its path below the root."""
        return path.removeprefix(self._root).lstrip("/")
