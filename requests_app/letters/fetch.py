"""Take a letter out, in one of its forms; each time is written down."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption import manifests
from requests_app.letters.errors import NoSuchLetter
from requests_app.letters.models import Letter, LetterFetch, LetterForm
from requests_app.letters.pdf import PDF_NAME, TEXT_NAME, pdf_content, text_content
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class TakenOut:
    """A letter as a file. Its name says the reference and nothing else."""

    content: bytes
    name: str
    media_type: str


def take_out(
    *, subject_request: SubjectRequest, letter_id: UUID, form: LetterForm, by: Actor, at: datetime
) -> TakenOut:
    """Return a letter of this request as a file. Raises NoSuchLetter, LetterGone, LetterBeingSet."""
    letter = letter_of(subject_request, letter_id)
    taken = _as_file(letter, subject_request.reference, form)
    with transaction.atomic():
        LetterFetch.objects.create(letter=letter, form=form, by=f"{by.kind}:{by.key}"[:60], fetched_at=at)
        facts = {"kind": letter.kind, "number": letter.number, "form": str(form)}
        record(event="letter.taken_out", target=subject_request, by=by, at=at, facts=facts)
    return taken


def letter_of(subject_request: SubjectRequest, letter_id: UUID) -> Letter:
    """A letter of this request and of no other one. Raises NoSuchLetter."""
    rows = Letter.objects.select_related("setting").filter(subject_request_id=subject_request.pk)
    found: Letter | None = rows.filter(pk=letter_id).first()
    if found is None:
        raise NoSuchLetter("There is no such letter.")
    return found


def _as_file(letter: Letter, reference: str, form: LetterForm) -> TakenOut:
    name = f"{reference}-{letter.number}"
    if form is LetterForm.TEXT:
        return TakenOut(text_content(letter), f"{name}.txt", "text/plain; charset=utf-8")
    if form is LetterForm.PDF:
        return TakenOut(pdf_content(letter), f"{name}.pdf", "application/pdf")
    return TakenOut(_signed(letter), f"{name}.zip", "application/zip")


def _signed(letter: Letter) -> bytes:
    """Both forms with manifest and signature: `verify_bundle` checks it as it checks a bundle."""
    pdf, written = pdf_content(letter), io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PDF_NAME, pdf)
        archive.writestr(TEXT_NAME, text_content(letter))
        archive.writestr(manifests.NAME, letter.manifest)
        archive.writestr(manifests.SIGNATURE_NAME, letter.signature)
    return written.getvalue()
