"""Questions about bundles."""

from fulfillment.bundles.models import Bundle
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState


def troubled_bundle(subject_request: SubjectRequest) -> Bundle | None:
    """The copy of a request that is being prepared, when an attempt at it has failed."""
    if subject_request.state != RequestState.PREPARING:
        return None
    newest = Bundle.objects.filter(subject_request=subject_request).order_by("-number").first()
    return newest if newest is not None and newest.last_error else None
