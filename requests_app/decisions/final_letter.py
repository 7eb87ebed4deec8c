"""Letters of an ending that state facts: in the person's language and time, with how the request ended."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone, translation

from requests_app.decisions.ending import ending_of
from requests_app.letters.blocks import Block
from requests_app.letters.compose import said_in
from requests_app.letters.kinds import kind_of
from requests_app.letters.models import Letter
from requests_app.letters.wordings import words_in_use
from requests_app.letters.write import write_letter
from requests_app.lifecycle.clock import zone_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


def write_final_letter(
    key: str,
    facts: Callable[[], tuple[Block, ...]],
    *,
    subject_request: SubjectRequest,
    at: datetime,
    is_certificate: bool = True,
    **more: object,
) -> Letter:
    """Write the letter of this kind; `facts` are put into words where the person's language is spoken.

    `more` is what the words of this kind may say beyond that.
    """
    kind = kind_of(key)
    with translation.override(subject_request.language), timezone.override(zone_of(subject_request)):
        context = {
            "reference": subject_request.reference,
            "company": COMPANY,
            "facts": facts(),
            "ending": ending_of(subject_request),
            **more,
        }
        said = said_in(kind, context, wording=words_in_use(key, subject_request.language))
    return write_letter(key, said, subject_request=subject_request, at=at, is_certificate=is_certificate)
