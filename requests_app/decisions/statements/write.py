"""Write the statement of what people decided, in the transaction of the step that ends a request."""

from datetime import datetime

from django.utils import timezone, translation

from requests_app.decisions.ending import ending_of
from requests_app.decisions.statements.facts import statement_facts
from requests_app.decisions.statements.kinds import statement_of
from requests_app.letters.compose import said_in
from requests_app.letters.kinds import kind_of
from requests_app.letters.models import Letter
from requests_app.letters.wordings import words_in_use
from requests_app.letters.write import write_letter
from requests_app.lifecycle.clock import zone_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


def write_statement(*, subject_request: SubjectRequest, at: datetime) -> Letter | None:
    """Write it; None where a request did not end by what people decided, or a certificate says what was done."""
    key = statement_of(subject_request)
    if key is None:
        return None
    kind = kind_of(key)
    with translation.override(subject_request.language), timezone.override(zone_of(subject_request)):
        context = {
            "reference": subject_request.reference,
            "company": COMPANY,
            "facts": statement_facts(subject_request),
            "ending": ending_of(subject_request),
        }
        said = said_in(kind, context, wording=words_in_use(kind.key, subject_request.language))
    return write_letter(kind.key, said, subject_request=subject_request, at=at, is_certificate=True)
