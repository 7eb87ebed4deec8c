"""JSON: every collection as JSON lines, and everything in one file to a published schema."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import translation

from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.blocks import in_blocks
from fulfillment.bundles.contents import BundleInput, CollectionContent, PartLeftOut, SourceContent
from fulfillment.bundles.language import language_for
from fulfillment.bundles.names import collection_paths
from fulfillment.bundles.narrow import as_json, narrow_answer

VERSION = "1.1"
LINES = "application/jsonl"
SCHEMA = Path(__file__).parent.parent / "schema" / f"data-{VERSION}.json"


class JsonFormat(ExportFormat):
    """For machines, and for moving to another service: records as the sources hold them."""

    label = "JSON"
    media_type = "application/json"
    position = 30

    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        paths = collection_paths(contents)
        for collection in contents.exported:
            path = paths[collection.source_key, collection.key]
            yield Part(f"data/{path}.jsonl", LINES, in_blocks(_lines(collection)))
        whole = _named(contents) if contents.is_narrow else _everything(contents)
        yield Part("data.json", self.media_type, in_blocks(whole))
        yield Part("schema.json", "application/schema+json", [SCHEMA.read_bytes()])


def _lines(collection: CollectionContent) -> Iterator[bytes]:
    for block in collection.blocks():
        yield block + b"\n"


def _array(collection: CollectionContent) -> Iterator[bytes]:
    opening = b"[\n"
    for block in collection.blocks():
        yield opening + block.replace(b"\n", b",\n")
        opening = b",\n"
    yield b"[]\n" if opening == b"[\n" else b"\n]\n"


def _everything(contents: BundleInput) -> Iterator[bytes]:
    # The records are the last member of a collection and pass through untouched, so numbers keep every digit.
    yield _open(_head(contents), "sources", "[")
    for number, source in enumerate(contents.sources):
        yield (b",\n" if number else b"\n") + _open(_source(source), "collections", "[")
        for position, collection in enumerate(contents.collections_of(source)):
            yield (b",\n" if position else b"\n") + _open(_collection(collection), "records", "")
            yield from _array(collection)
            yield b"}"
        yield b"\n]}"
    yield b"\n]}\n"


def _named(contents: BundleInput) -> Iterator[bytes]:
    """A narrower answer: what is held is named in `answer`, and no source lists a collection."""
    with translation.override(language_for(contents)):
        answer = as_json(narrow_answer(contents), contents)
    sources = [_source(source) | {"collections": []} for source in contents.sources]
    yield _text(_head(contents) | {"answer": answer, "sources": sources}).encode("utf-8", "backslashreplace")
    yield b"\n"


def _open(members: dict[str, Any], last: str, bracket: str) -> bytes:
    """An object without its end, whose last member follows."""
    return f"{_text(members)[:-1]},{_text(last)}:{bracket}".encode("utf-8", "backslashreplace")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _head(contents: BundleInput) -> dict[str, Any]:
    return {
        "format": "omne-dsar/data",
        "version": VERSION,
        "reference": contents.reference,
        "right": contents.right,
        "scope": contents.scope,
        "bundle": str(contents.bundle_id),
        "number": contents.number,
        "made_at": contents.made_at.isoformat(),
        "received_on": contents.received_on.isoformat(),
        "law": {"key": contents.regime_key, "name": contents.regime_name, "cite": contents.access_citation},
        "controller": {"name": contents.company.controller, "mail": contents.company.contact.mail},
        "subject": {"name": contents.subject_name, "email": contents.subject_email},
        "record_count": contents.row_count,
    }


def _source(source: SourceContent) -> dict[str, Any]:
    return {
        "key": source.key,
        "label": source.label,
        "searched": source.searched,
        "searched_by": source.searched_by,
        "note": source.note,
    }


def _collection(collection: CollectionContent) -> dict[str, Any]:
    withheld = collection.withheld
    return {
        "key": collection.key,
        "label": collection.label,
        "about": collection.about,
        "category": collection.category,
        "purposes": list(collection.purposes),
        "legal_basis": collection.legal_basis,
        "retention": collection.retention,
        "recipients": list(collection.recipients),
        "origin": collection.origin,
        "rights": list(collection.rights),
        "fields": [{"name": each.name, "label": each.label} for each in collection.fields],
        "not_copied": [{"name": each.name, "label": each.label} for each in collection.secrets],
        "withheld": withheld and {"code": withheld.code, "cite": withheld.citation, "reason": withheld.words},
        "left_out": [_part(each) for each in collection.left_out],
        "record_count": collection.row_count,
    }


def _part(part: PartLeftOut) -> dict[str, Any]:
    return {
        "what": part.what,
        "field": part.field,
        "kind": part.kind,
        "count": part.count,
        "code": part.withheld.code,
        "cite": part.withheld.citation,
        "reason": part.withheld.words,
    }


FORMAT = JsonFormat()
