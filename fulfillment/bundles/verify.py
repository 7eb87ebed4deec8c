"""Check a bundle's zip with nothing but the zip: signature, every hash, no part too many or too few."""

import base64
import hashlib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from fulfillment.bundles import manifest
from fulfillment.bundles.signing import NotAPublicKey, PublicKey, read_public_key

# The two files that describe the others; larger ones are not ours.
_LARGEST_MANIFEST = 64 * 1024 * 1024
_BLOCK = 1024 * 1024


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


def verify_bundle(source: Path | BinaryIO, *, key: PublicKey | None) -> Verdict:
    """Check a bundle against a public key, or against the key it carries when none is given. Never raises."""
    try:
        with zipfile.ZipFile(source) as archive:
            return _verified(archive, key)
    except _Unfit as unfit:
        return Verdict(str(unfit), is_intact=False, problems=(str(unfit),))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, NotImplementedError, RuntimeError):
        sentence = "This is not a bundle: it does not open as a zip file."
        return Verdict(sentence, is_intact=False, problems=(sentence,))


def _verified(archive: zipfile.ZipFile, key: PublicKey | None) -> Verdict:
    names = archive.namelist()
    written = _small(archive, manifest.NAME)
    claims = _claims(written)
    used = _check_signature(written, _small(archive, manifest.SIGNATURE_NAME), key)
    problems = [f"The file {name} is in the bundle twice." for name in names if names.count(name) > 1]
    listed = {part["name"]: part for part in claims["parts"]}
    here = set(names) - {manifest.NAME, manifest.SIGNATURE_NAME}
    problems += [f"The file {name} is missing." for name in sorted(listed.keys() - here)]
    problems += [f"The file {name} is not listed." for name in sorted(here - listed.keys())]
    problems += [
        f"The file {name} was changed."
        for name in sorted(listed.keys() & here)
        if not _matches(archive, listed[name])
    ]
    return Verdict(
        sentence=_sentence(problems, claims, used, is_trusted=key is not None),
        is_intact=not problems,
        is_trusted=key is not None,
        reference=claims["reference"],
        made_at=claims["made_at"],
        key_id=used.key_id,
        part_count=len(listed),
        problems=tuple(dict.fromkeys(problems)),
    )


def _claims(written: bytes) -> dict[str, Any]:
    try:
        claims = manifest.read_json(written)
    except ValueError:
        raise _Unfit("The manifest of this bundle cannot be read.") from None
    parts = claims.get("parts")
    known = claims.get("format") == manifest.FORMAT and isinstance(parts, list)
    if not known or not all(
        isinstance(part, dict) and isinstance(part.get("name"), str) for part in parts or ()
    ):
        raise _Unfit("The manifest of this bundle is not one of ours.")
    if claims.get("version") != manifest.VERSION:
        raise _Unfit("The manifest was written by a newer version: check it with that version.")
    return {"reference": "", "made_at": ""} | claims


def _check_signature(written: bytes, signature_file: bytes, key: PublicKey | None) -> PublicKey:
    try:
        signed = manifest.read_json(signature_file)
        signature = base64.b64decode(signed["signature"], validate=True)
        carried = read_public_key(str(signed["public_key"]).encode())
    except (ValueError, KeyError, TypeError, NotAPublicKey):
        raise _Unfit("The signature of this bundle cannot be read.") from None
    if key is not None and key.raw != carried.raw:
        raise _Unfit(f"This bundle was signed with another key ({carried.key_id}), not with {key.key_id}.")
    is_as_written = signature_file == manifest.signature_text(written, signature, carried)
    if not is_as_written or not carried.has_signed(written, signature):
        raise _Unfit("The signature does not fit the manifest: one of them was changed.")
    return carried


def _matches(archive: zipfile.ZipFile, part: dict[str, Any]) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(part["name"]) as content:
            # Never more than the manifest promises, so that a bomb costs nothing.
            while size <= int(part.get("size", -1)) and (block := content.read(_BLOCK)):
                digest.update(block)
                size += len(block)
    except (zipfile.BadZipFile, OSError, ValueError, TypeError, EOFError, RuntimeError, NotImplementedError):
        return False
    return size == part.get("size") and digest.hexdigest() == part.get("sha256")


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as content:
            found = content.read(_LARGEST_MANIFEST + 1)
    except KeyError:
        raise _Unfit(f"This is not a bundle: it holds no {name}.") from None
    if len(found) > _LARGEST_MANIFEST:
        raise _Unfit(f"This is not a bundle of ours: its {name} is too large.")
    return found


def _sentence(problems: list[str], claims: dict[str, Any], used: PublicKey, *, is_trusted: bool) -> str:
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        return f"This bundle is not as it was made: {problems[0]}{more}"
    intact = (
        f"This bundle is complete and unchanged: {len(claims['parts'])} files, signed with {used.key_id}."
    )
    if is_trusted:
        return intact
    return f"{intact} The key came from the bundle itself: compare it with the one we publish."
