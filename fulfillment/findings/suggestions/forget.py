"""Whom the records named goes with the findings; how far each was looked through stays."""

from fulfillment.findings.suggestions.models import SuggestionScan
from requests_app.lifecycle.models import SubjectRequest


def forget_people(subject_request: SubjectRequest) -> None:
    """Empty the sealed names of every scan of a request. Safe to repeat."""
    scans = SuggestionScan.objects.filter(finding__task__run__subject_request=subject_request)
    for scan in scans.iterator():
        if scan.people:
            scan.people = {}
            scan.save(update_fields=["people"])
