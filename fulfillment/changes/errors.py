"""The refusals around changes."""

from requests_app.errors import DomainError


class ChangeAlreadyEnded(DomainError):
    """Somebody else was first, or the change is no longer wanted."""

    code = "change_already_ended"


class ResultNotClean(DomainError):
    """Something is left, or was not searched, and nobody said why the request may be completed all the same."""

    code = "result_not_clean"
