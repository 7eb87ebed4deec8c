"""Export the evidence of a request: a step of its own in its history, then the pack."""

from datetime import datetime

from django.db import transaction

from fulfillment.evidence.pack import packed
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest


def export_evidence(*, subject_request: SubjectRequest, by: Actor, at: datetime) -> bytes:
    """The pack as a zip. Raises LetterNotSet.

    What is in it names the person, so that the export is written down before anybody has it; the pack holds that
    entry too.
    """
    with transaction.atomic():
        record(event="evidence.exported", target=subject_request, by=by, at=at)
    return packed(subject_request, at=at)
