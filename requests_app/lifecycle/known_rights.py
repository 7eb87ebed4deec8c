"""Every right that the product knows, by its code."""

from requests_app.errors import NotFound
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights import access
from requests_app.lifecycle.rights.base import Right

RIGHTS: dict[str, Right] = {member.RIGHT.code: member.RIGHT for member in (access,)}


class UnknownRight(NotFound):
    """No right has this code."""

    code = "unknown_right"


def right(code: str) -> Right:
    """The right with this code. Raises UnknownRight."""
    try:
        return RIGHTS[code]
    except KeyError:
        raise UnknownRight(f"There is no right called {code!r}. Known: {', '.join(RIGHTS)}.") from None


def machine_of(subject_request: SubjectRequest) -> type[SubjectRequest]:
    """The proxy model whose methods are the moves of this request."""
    return right(subject_request.right).machine


def as_machine(subject_request: SubjectRequest) -> SubjectRequest:
    """The same row as an instance of its right's machine, so that it offers that right's moves."""
    subject_request.__class__ = machine_of(subject_request)
    return subject_request
