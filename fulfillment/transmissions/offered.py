"""Whether a copy can be sent to another service at all, and the sentence that says why not."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from fulfillment.bundles.download import open_bundle_of
from fulfillment.transmissions.models import Transmission
from requests_app.identity.together import UNPROVEN
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import CLOSED

RIGHT = "portability"
# Each is looked at by a person of ours, and calls a stranger's server.
MOST_NAMED = 10


def is_about_moving(subject_request: SubjectRequest) -> bool:
    """Whether this is a request whose copy may go to another controller."""
    return subject_request.right == RIGHT and subject_request.state not in UNPROVEN


def why_not_offered(subject_request: SubjectRequest, *, at: datetime) -> str | None:
    """Why nothing (more) can be sent for this request; None where the person may name a service."""
    if not is_about_moving(subject_request):
        return _("A copy is sent to another service only for a request to move your information.")
    if not settings.PORTABILITY_PUSH:
        return settings.PORTABILITY_PUSH_OFF_REASON or _(
            "We cannot send copies straight to other services yet: it is not technically feasible for us. "
            "Download your copy and bring it there yourself."
        )
    if subject_request.state in CLOSED and open_bundle_of(subject_request, at=at) is None:
        return _("There is no copy any more that could be sent. You can always make a new request.")
    if Transmission.objects.filter(subject_request=subject_request).count() >= MOST_NAMED:
        return _("You have named %(number)d services for this request; more cannot be named here.") % {
            "number": MOST_NAMED
        }
    return None
