"""A letter as a PDF: what is set, how it is kept sealed, and signed like a bundle."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from requests_app.encryption.files import create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.manifests import PartRecord, canonical, describe_parts, signature_file
from requests_app.encryption.store import current_store, new_name
from requests_app.letters.errors import LetterBeingSet, LetterGone
from requests_app.letters.layout import as_html
from requests_app.letters.models import Letter
from requests_app.policy.company import COMPANY

PDF_NAME, TEXT_NAME = "letter.pdf", "letter.txt"


@dataclass(frozen=True)
class SealedPdf:
    """A PDF that lies in the store; nobody reads it before a letter names it."""

    store_name: str
    wrapped_key: bytes
    sha256: str
    size: int


def seal_pdf(content: bytes) -> SealedPdf:
    """Write a PDF to the store; one that no row comes to name is removed after a day. Raises StoreFull, StoreAway."""
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
        sink.write(content)
    return SealedPdf(name, key, hashlib.sha256(content).hexdigest(), len(content))


def html_of(letter: Letter) -> str:
    """The letter before it is set."""
    return as_html(letter.content, letter.title, language=letter.language)


def pdf_content(letter: Letter) -> bytes:
    """The PDF of a letter. Raises LetterGone, and LetterBeingSet for one that is not set yet."""
    if not letter.is_there:
        raise gone()
    if letter.pdf_set_at is None:
        raise LetterBeingSet("The PDF of this letter is not set yet.")
    with open_sealed(
        current_store(), name=letter.store_name, wrapped_key=bytes(letter.wrapped_key)
    ) as opened:
        return opened.read()


def text_content(letter: Letter) -> bytes:
    """The text of a letter, as it was hashed. Raises LetterGone."""
    if not letter.is_there:
        raise gone()
    return str(letter.text).encode("utf-8", "replace")


def gone() -> LetterGone:
    """The refusal for a letter whose words are not kept any more."""
    return LetterGone("This letter is not kept any more: its time was over.")


def keep_pdf(letter: Letter, sealed: SealedPdf, *, at: datetime) -> None:
    """Write the PDF to its letter, which the caller has locked, and sign both forms."""
    letter.store_name, letter.wrapped_key = sealed.store_name, sealed.wrapped_key
    letter.pdf_sha256, letter.pdf_size, letter.pdf_set_at = sealed.sha256, sealed.size, at
    manifest = canonical(_manifest(letter))
    letter.manifest, letter.signature = manifest.decode(), signature_file(manifest).decode()
    letter.save()


def _manifest(letter: Letter) -> dict[str, object]:
    """What we sign: whose answer it is by reference, never by name."""
    claims: dict[str, object] = {
        "reference": letter.subject_request.reference,
        "letter": str(letter.pk),
        "number": letter.number,
        "kind": letter.kind,
        "language": letter.language,
        "words": letter.words_version,
        "is_certificate": letter.is_certificate,
        "made_at": letter.written_at.isoformat(),
        "controller": COMPANY.controller,
        "law": letter.subject_request.regime,
        "right": letter.subject_request.right,
    }
    parts = (
        PartRecord(PDF_NAME, "application/pdf", letter.pdf_size, letter.pdf_sha256),
        PartRecord(TEXT_NAME, "text/plain; charset=utf-8", letter.size, letter.sha256),
    )
    return describe_parts(claims, parts)
