"""Questions about letters."""

from django.db.models import QuerySet

from requests_app.letters.models import Letter
from requests_app.lifecycle.models import SubjectRequest


def letters_of(subject_request: SubjectRequest) -> QuerySet[Letter]:
    """Every letter to the person, oldest first: whose words, how far its PDF is, and each time it was taken out."""
    found = Letter.objects.filter(subject_request_id=subject_request.pk)
    return found.select_related("wording", "setting").prefetch_related("fetches").order_by("number")
