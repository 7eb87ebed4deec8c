"""Questions about transmissions."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.transmissions.models import Transmission
from fulfillment.transmissions.states import TROUBLED, TransmissionState
from requests_app.lifecycle.models import SubjectRequest


def transmissions_of(subject_request: SubjectRequest) -> QuerySet[Transmission]:
    """All that were named for a request, newest first; what was named and never confirmed, too."""
    found = Transmission.objects.filter(subject_request=subject_request)
    return found.select_related("sending", "decided_by", "seen_by").order_by("-number")


def for_a_person() -> QuerySet[Transmission]:
    """What waits for staff: an approval whose copy is released, or an end that nobody has looked at."""
    released = Bundle.objects.filter(
        subject_request=OuterRef("subject_request"), state=BundleState.COMPLETE, released_at__isnull=False
    )
    asked = Q(state=TransmissionState.ASKED) & Exists(released)
    troubled = Q(state__in=sorted(TROUBLED), seen_at=None)
    found = Transmission.objects.filter(asked | troubled)
    return found.select_related("subject_request", "sending").order_by("named_at")


def waits_for_a_person(transmission: Transmission) -> bool:
    """Whether this one does."""
    return for_a_person().filter(pk=transmission.pk).exists()


def open_transmissions(subject_request: SubjectRequest) -> int | None:
    """How many of a request wait for staff; None where none was ever named."""
    if not Transmission.objects.filter(subject_request=subject_request).exists():
        return None
    return for_a_person().filter(subject_request=subject_request).count()
