"""Names inside the zip: short, plain ASCII, unlike each other on every system, never reserved by one."""

import re
import unicodedata

from fulfillment.bundles.contents import BundleInput

LONGEST = 40
# Windows gives these to devices, whatever follows the first dot.
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}


def plain_name(text: str) -> str:
    """A file name made of a key: a-z, 0-9, - and _, at most LONGEST long, never empty or reserved."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", ascii_only)[:LONGEST].strip("-") or "unnamed"
    return f"{name}-data" if name in _RESERVED else name


def collection_paths(contents: BundleInput) -> dict[tuple[str, str], str]:
    """For each exported collection, by source and key, its path without ending: "omne_erp/invoices"."""
    folders: dict[str, str] = {}
    taken: set[str] = set()
    paths: dict[tuple[str, str], str] = {}
    for collection in contents.exported:
        if collection.source_key not in folders:
            folders[collection.source_key] = _free(plain_name(collection.source_key), set(folders.values()))
        path = _free(f"{folders[collection.source_key]}/{plain_name(collection.key)}", taken)
        taken.add(path)
        paths[collection.source_key, collection.key] = path
    return paths


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
