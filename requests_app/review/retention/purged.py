"""What is left of a purged request: figures and the history of the audit."""

from typing import Any

from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.review.history import happenings
from requests_app.review.words import country_name, regime_name


def purged_case(subject_request: SubjectRequest) -> dict[str, Any]:
    """Return the context of the page of a purged request."""
    return {
        "subject_request": subject_request,
        "right": right(subject_request.right).short_label,
        "law": regime_name(subject_request.regime),
        "country": country_name(subject_request.place),
        "state": RequestState(subject_request.state).label,
        "outcome": subject_request.get_outcome_display(),
        "history": happenings(subject_request),
    }
