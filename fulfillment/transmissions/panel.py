"""What the person's own page says of other services: that a copy can be sent there, and how each stands."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from fulfillment.transmissions.offered import is_about_moving, why_not_offered
from fulfillment.transmissions.selectors import transmissions_of
from requests_app.lifecycle.models import SubjectRequest

TEMPLATE = "transmissions/portal_panel.html"


def other_services(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """The context of the panel; None for requests that are about something else, or ended with nothing named."""
    if not is_about_moving(subject_request):
        return None
    listed = list(transmissions_of(subject_request))
    not_offered = why_not_offered(subject_request, at=timezone.now())
    if subject_request.is_closed and not_offered and not listed:
        return None
    return {"listed": listed, "not_offered": not_offered}
