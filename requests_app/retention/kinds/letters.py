"""The letters to the person: acknowledgements, extensions, answers, certificates."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.letters.forget import forget_letters
from requests_app.letters.models import Letter, LetterFetch, LetterPdf
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Kept, Rows, Stage


def _forget(subject_request: SubjectRequest, at: datetime) -> int:
    return forget_letters(subject_request_id=subject_request.pk, at=at)


KEPT = Kept(
    label=_("Letters to the person"),
    goes=_("What they say is emptied, with their files. Kind, number and day stay."),
    stage=Stage.RECORD,
    first=(_forget,),
    rows=(
        Rows(LetterFetch, "letter__subject_request"),
        Rows(LetterPdf, "letter__subject_request"),
        Rows(
            Letter,
            "subject_request",
            only=Q(forgotten_at=None),
            empties={
                "title": "",
                "text": "",
                "content": dict,
                "store_name": "",
                "wrapped_key": b"",
                "sha256": "",
                "pdf_sha256": "",
                "pdf_set_at": None,
                "manifest": "",
                "signature": "",
            },
            stays={
                "kind": "which letter it was",
                "language": "its language",
                "words_version": "whose words these were",
            },
        ),
    ),
)
