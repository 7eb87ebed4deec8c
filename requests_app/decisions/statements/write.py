"""Write the statement of what people decided, in the transaction of the step that ends a request."""

from datetime import datetime
from functools import partial

from requests_app.decisions.final_letter import write_final_letter
from requests_app.decisions.statements.facts import statement_facts
from requests_app.decisions.statements.kinds import statement_of
from requests_app.letters.models import Letter
from requests_app.lifecycle.models import SubjectRequest


def write_statement(*, subject_request: SubjectRequest, at: datetime) -> Letter | None:
    """Write it; None where a request did not end by what people decided, or a certificate says what was done."""
    key = statement_of(subject_request)
    if key is None:
        return None
    facts = partial(statement_facts, subject_request)
    return write_final_letter(key, facts, subject_request=subject_request, at=at)
