"""Forget what letters say: their words, files and hashes go; their number, kind and day stay."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.encryption.doomed import doom
from requests_app.letters.models import Letter, LetterPdf


def forget_letters(*, subject_request_id: UUID, at: datetime) -> int:
    """Forget every letter of a request. Returns how many; safe to repeat."""
    with transaction.atomic():
        found = Letter.objects.select_for_update().filter(
            subject_request=subject_request_id, forgotten_at=None
        )
        letters = list(found)
        doom(letter.store_name for letter in letters)
        # Whoever sets one of them now finds the work gone, and what they set is named by nobody.
        LetterPdf.objects.filter(letter__in=letters).delete()
        for letter in letters:
            letter.title, letter.text, letter.content = "", "", {}
            letter.store_name, letter.wrapped_key = "", b""
            # Of words that can be guessed a hash, or a signature over it, says whether the guess is right.
            letter.sha256, letter.pdf_sha256, letter.pdf_set_at = "", "", None
            letter.manifest, letter.signature = "", ""
            letter.forgotten_at = at
            letter.save()
    return len(letters)
