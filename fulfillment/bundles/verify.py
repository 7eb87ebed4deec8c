"""Check a bundle's zip with nothing but the zip: signature, every hash, no part too many or too few."""

import base64
import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from requests_app.encryption import manifests
from requests_app.encryption.signing import NotAPublicKey, PublicKey, read_public_key
from requests_app.encryption.zips import BROKEN, NotAZip, ZipUnfit, oddities, open_zip, read_file, spoken

# The two files that describe the others; larger ones are not ours.
_LARGEST_MANIFEST = 64 * 1024 * 1024
_BLOCK = 1024 * 1024
_LISTING = re.compile(r"listing-\d+\.json")


@dataclass(frozen=True)
class Verdict:
    """What was found. `is_trusted` is False when only the key inside the bundle itself could be used."""

    sentence: str
    is_intact: bool
    is_trusted: bool = False
    reference: str = ""
    made_at: str = ""
    key_id: str = ""
    part_count: int = 0
    problems: tuple[str, ...] = field(default=())


class _Unfit(Exception):
    """The file cannot be checked further; the text says why."""


class _Part(BaseModel):
    """What a manifest says of a file."""

    model_config = ConfigDict(strict=True)

    name: str
    size: int
    sha256: str
    volume: int | None = None


class _Claims(BaseModel):
    """What a manifest says, as far as it is checked."""

    model_config = ConfigDict(strict=True)

    format: Literal["omne-dsar/manifest"]
    version: int
    reference: str = ""
    made_at: str = ""
    parts: list[_Part]


Listed = dict[str, _Part]


def verify_bundle(
    *sources: Path | BinaryIO, key: PublicKey | None, passphrase: bytes | None = None
) -> Verdict:
    """Check a bundle, all of its zips together, against a public key, or against the key it carries when none is given.

    `passphrase` opens zips that were fetched with one. Never raises.
    """
    try:
        with ExitStack() as opened:
            archives = [opened.enter_context(open_zip(each, passphrase=passphrase)) for each in sources]
            return _verified(archives, key)
    except NotAZip:
        return _refused("This is not a bundle: it does not open as a zip file.")
    except ZipUnfit as unfit:
        return _refused(unfit.sentence)
    except _Unfit as unfit:
        return _refused(str(unfit))


def _refused(sentence: str) -> Verdict:
    return Verdict(sentence, is_intact=False, problems=(sentence,))


def _verified(archives: list[zipfile.ZipFile], key: PublicKey | None) -> Verdict:
    names = [name for archive in archives for name in archive.namelist()]
    holder = _holder_of_the_manifest(archives, names)
    written = _small(holder, manifests.NAME)
    claims = _claims(written)
    used = _check_signature(written, _small(holder, manifests.SIGNATURE_NAME), key)
    listed = {part.name: part for part in claims.parts}
    problems = [
        *_twice(names),
        *_missing(listed, names),
        *_changed(archives, listed),
        *(odd for archive in archives for odd in oddities(archive)),
    ]
    return Verdict(
        sentence=_sentence(problems, claims, used, is_trusted=key is not None),
        is_intact=not problems,
        is_trusted=key is not None,
        reference=claims.reference,
        made_at=claims.made_at,
        key_id=used.key_id,
        part_count=len(listed),
        problems=tuple(dict.fromkeys(problems)),
    )


def _holder_of_the_manifest(archives: list[zipfile.ZipFile], names: list[str]) -> zipfile.ZipFile:
    for archive in archives:
        if manifests.NAME in archive.namelist():
            return archive
    if any(_LISTING.fullmatch(name) for name in names):
        raise _Unfit("The last part is missing, which holds the manifest: give all parts together.")
    raise _Unfit(f"This is not a bundle: it holds no {manifests.NAME}.")


def _twice(names: list[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"The file {spoken(name)} is in the bundle twice."


def _missing(listed: Listed, names: list[str]) -> Iterator[str]:
    here = set(names) - {manifests.NAME, manifests.SIGNATURE_NAME}
    # Of a part that was not given its own listing is missing too, which says so in one line.
    absent = {part.volume for name, part in listed.items() if _LISTING.fullmatch(name)} - {
        listed[name].volume for name in here & listed.keys()
    }
    for number in sorted(each for each in absent if each is not None):
        yield f"Part {number} is missing: give all parts together."
    for name in sorted(listed.keys() - here):
        if listed[name].volume not in absent:
            yield f"The file {spoken(name)} is missing."
    yield from (f"The file {spoken(name)} is not listed." for name in sorted(here - listed.keys()))


def _changed(archives: list[zipfile.ZipFile], listed: Listed) -> Iterator[str]:
    for archive in archives:
        for name in sorted(listed.keys() & set(archive.namelist())):
            if not _matches(archive, listed[name]):
                yield f"The file {spoken(name)} was changed."


def _claims(written: bytes) -> _Claims:
    try:
        claims = _Claims.model_validate_json(written)
    except ValidationError:
        raise _Unfit("The manifest of this bundle cannot be read, or is not one of ours.") from None
    if claims.version != manifests.VERSION:
        raise _Unfit("The manifest was written by a newer version: check it with that version.")
    if len({part.name for part in claims.parts}) < len(claims.parts):
        raise _Unfit("The manifest of this bundle is not one of ours: it lists a file twice.")
    return claims


def _check_signature(written: bytes, signature_file: bytes, key: PublicKey | None) -> PublicKey:
    try:
        signed = manifests.read_json(signature_file)
        signature = base64.b64decode(signed["signature"], validate=True)
        carried = read_public_key(str(signed["public_key"]).encode())
    except (ValueError, KeyError, TypeError, RecursionError, NotAPublicKey):
        raise _Unfit("The signature of this bundle cannot be read.") from None
    if key is not None and key.raw != carried.raw:
        raise _Unfit(f"This bundle was signed with another key ({carried.key_id}), not with {key.key_id}.")
    is_as_written = signature_file == manifests.signature_text(written, signature, carried)
    if not is_as_written or not carried.has_signed(written, signature):
        raise _Unfit("The signature does not fit the manifest: one of them was changed.")
    return carried


def _matches(archive: zipfile.ZipFile, part: _Part) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(part.name) as content:
            # Never more than the manifest promises, so that a bomb costs nothing.
            while size <= part.size and (block := content.read(_BLOCK)):
                digest.update(block)
                size += len(block)
    except BROKEN:
        return False
    return size == part.size and digest.hexdigest() == part.sha256


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        found = read_file(archive, name, most=_LARGEST_MANIFEST)
    except KeyError:
        raise _Unfit(f"This is not a bundle: it holds no {name}.") from None
    except BROKEN:
        raise _Unfit(f"The {name} of this bundle cannot be read.") from None
    if len(found) > _LARGEST_MANIFEST:
        raise _Unfit(f"This is not a bundle of ours: its {name} is too large.")
    return found


def _sentence(problems: list[str], claims: _Claims, used: PublicKey, *, is_trusted: bool) -> str:
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        return f"This bundle is not as it was made: {problems[0]}{more}"
    intact = f"This bundle is complete and unchanged: {len(claims.parts)} files, signed with {used.key_id}."
    if is_trusted:
        return intact
    return f"{intact} The key came from the bundle itself: compare it with the one we publish."
