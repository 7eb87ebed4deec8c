"""Check an evidence pack with nothing but the pack: signature, files, the hash of every entry, every proof."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import rfc8785
from pydantic import ValidationError

from fulfillment.evidence import document as d
from fulfillment.evidence.pack import JSON_NAME, SIGNATURE_NAME
from requests_app.audit.anchors.errors import StatementBroken
from requests_app.audit.anchors.statement import Statement, read_statement
from requests_app.audit.merkle import root_by
from requests_app.audit.verify import hash_of_fields
from requests_app.encryption.signing import NotAPublicKey, PublicKey, read_public_key
from requests_app.encryption.zips import BROKEN, NotAZip, ZipUnfit, oddities, open_zip, read_file, spoken

_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True)
class Verdict:
    """What was found; `is_trusted` is False when only the key inside the pack could be used."""

    sentence: str
    is_intact: bool
    is_trusted: bool = False
    reference: str = ""
    entries: int = 0
    problems: tuple[str, ...] = ()


class _Unfit(Exception):
    """It cannot be checked further; the text says why."""


def verify_evidence(source: Path | BinaryIO, *, keys: Sequence[PublicKey] = ()) -> Verdict:
    """Check a pack against public keys, or against the one it carries when none is given. Never raises."""
    try:
        with open_zip(source) as archive:
            return _verified(_files_of(archive), keys)
    except NotAZip:
        return _refused("This is no evidence pack: it does not open as a zip file.")
    except ZipUnfit as unfit:
        return _refused(unfit.sentence)
    except _Unfit as unfit:
        return _refused(str(unfit))


def _refused(sentence: str) -> Verdict:
    return Verdict(sentence, is_intact=False, problems=(sentence,))


def _files_of(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every file once. A pack is small, so that nothing is read of one that only claims to be."""
    odd, left = next(oddities(archive), ""), _LARGEST
    if odd:
        raise _Unfit(f"This evidence is not as it was made: {odd}")
    files: dict[str, bytes] = {}
    for name in archive.namelist():
        if name in files:
            raise _Unfit(f"This evidence is not as it was made: the file {spoken(name)} is in it twice.")
        try:
            files[name] = read_file(archive, name, most=left)
        except BROKEN:
            raise _Unfit(f"This evidence is not as it was made: {spoken(name)} does not open.") from None
        left -= len(files[name])
        if left < 0:
            raise _Unfit("This is no evidence pack: it is too large.")
    return files


def _verified(files: dict[str, bytes], keys: Sequence[PublicKey]) -> Verdict:
    evidence, key = _signed(files, keys)
    # Statements of an older key are checked with those that were given.
    statements = _statements(files, (key, *keys))
    problems = [*_problems_of_files(evidence, files), *_problems_of_chain(evidence, statements)]
    if problems:
        return Verdict(
            f"This evidence is not as it was made: {problems[0]}",
            is_intact=False,
            reference=evidence.reference,
            problems=tuple(problems),
        )
    count = len(evidence.chain.entries)
    sentence = (
        f"This evidence is complete and unchanged, signed with {key.key_id}; {count} entries are proved."
    )
    if evidence.chain.flaw:
        sentence += f" When it was made, the log as a whole did not fit: {evidence.chain.flaw}"
    if not keys:
        sentence += " The key came from the pack itself: compare it with the one we publish."
    return Verdict(sentence, True, bool(keys), evidence.reference, count)


def _signed(files: dict[str, bytes], keys: Sequence[PublicKey]) -> tuple[d.Outline, PublicKey]:
    try:
        written, signature = files[JSON_NAME], files[SIGNATURE_NAME]
        evidence = d.Outline.model_validate_json(written)
        carried = read_public_key(evidence.signed_by.public_key.encode())
        is_canonical = rfc8785.dumps(json.loads(written)) == written
    except KeyError as missing:
        raise _Unfit(f"This is no evidence pack: it holds no {missing.args[0]}.") from None
    except (ValidationError, NotAPublicKey, ValueError, RecursionError):
        raise _Unfit("The evidence cannot be read, or was written by a newer version.") from None
    if keys and carried.raw not in {key.raw for key in keys}:
        raise _Unfit(f"This evidence was signed with another key ({carried.key_id}).")
    if not is_canonical or not carried.has_signed(written, signature):
        raise _Unfit("The signature does not fit the evidence: one of them was changed.")
    return evidence, carried


def _statements(files: dict[str, bytes], keys: Sequence[PublicKey]) -> dict[str, Statement | str]:
    found: dict[str, Statement | str] = {}
    for name, content in files.items():
        if name.startswith("anchors/"):
            try:
                found[name] = read_statement(content, keys=keys)
            except StatementBroken as broken:
                found[name] = broken.sentence
    return found


def _problems_of_files(evidence: d.Outline, files: dict[str, bytes]) -> Iterator[str]:
    listed = {each.name: each for each in evidence.files}
    here = files.keys() - {JSON_NAME, SIGNATURE_NAME}
    yield from (f"The file {spoken(name)} is missing." for name in sorted(listed.keys() - here))
    yield from (f"The file {spoken(name)} is not listed." for name in sorted(here - listed.keys()))
    for name in sorted(listed.keys() & here):
        if hashlib.sha256(files[name]).hexdigest() != listed[name].sha256:
            yield f"The file {name} was changed."


def _problems_of_chain(evidence: d.Outline, statements: dict[str, Statement | str]) -> Iterator[str]:
    yield from (f"{each} ({name})" for name, each in statements.items() if isinstance(each, str))
    for entry in evidence.chain.entries:
        if hash_of_fields(entry.hashed) != entry.hash or entry.hashed[:1] != [str(entry.position)]:
            yield f"Entry {entry.position} is not what was hashed."
        elif not entry.proofs:
            yield f"Entry {entry.position} is not proved."
        for path in entry.proofs:
            if not _leads(path, entry, statements.get(path.statement)):
                yield f"Entry {entry.position} is not proved to lie under {path.statement}."


def _leads(path: d.Path, entry: d.Entry, statement: Statement | str | None) -> bool:
    if not isinstance(statement, Statement):
        return False
    stood = statement.stood
    try:
        root = root_by(path.hashes, entry_hash=entry.hash, position=entry.position, size=stood.position)
    except ValueError:
        return False
    return (path.size, path.root) == (stood.position, stood.root) and root == stood.root
