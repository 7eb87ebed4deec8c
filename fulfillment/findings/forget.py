"""Forget what a search found: the keys go at once, the sealed files follow; counts and decisions stay."""

from datetime import datetime

from django.db import transaction

from fulfillment.findings.decisions.forget import forget_words
from fulfillment.findings.models import FoundFile
from fulfillment.findings.suggestions.forget import forget_people
from fulfillment.runs.models import SourceTask
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.doomed import doom
from requests_app.lifecycle.models import SubjectRequest


def forget_findings(*, subject_request: SubjectRequest, by: Actor, at: datetime) -> int:
    """Make every record found for a request unreadable for ever. Returns how many files; safe to repeat."""
    with transaction.atomic():
        tasks = SourceTask.objects.select_for_update().filter(run__subject_request=subject_request)
        forget_words(subject_request)
        forget_people(subject_request)
        names = [task.store_name for task in tasks if task.store_name]
        files = FoundFile.objects.filter(task__run__subject_request=subject_request).exclude(store_name="")
        names += files.values_list("store_name", flat=True)
        if not names:
            return 0
        tasks.update(store_name="", wrapped_key=b"")
        files.update(store_name="", wrapped_key=b"")
        record(event="finding.forgotten", target=subject_request, by=by, at=at, facts={"files": len(names)})
        doom(names)
    return len(names)
