"""Every right that the product knows, by its code."""

from django.utils.functional import Promise

from requests_app.errors import NotFound
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights import (
    access,
    appeal,
    automated_decision,
    complaint,
    confirmation,
    correction,
    deletion,
    grievance,
    limit_sensitive,
    nominate,
    objection,
    opt_out_sale_share,
    portability,
    restriction,
    third_party_list,
    withdraw_consent,
)
from requests_app.lifecycle.rights.base import Right
from requests_app.lifecycle.states import RequestState

# In the order in which the form offers them.
RIGHTS: dict[str, Right] = {
    member.RIGHT.code: member.RIGHT
    for member in (
        access,
        deletion,
        correction,
        portability,
        objection,
        withdraw_consent,
        restriction,
        opt_out_sale_share,
        limit_sensitive,
        automated_decision,
        confirmation,
        third_party_list,
        complaint,
        grievance,
        nominate,
        appeal,
    )
}


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


def headline_of(subject_request: SubjectRequest) -> Promise:
    """The person's words for where the request stands: of how it ended, else the right's own, else the state's."""
    state, own = RequestState(subject_request.state), right(subject_request.right)
    ended = own.endings.get((state, subject_request.outcome))
    return ended or own.headlines.get(state, subject_request.state_facts.headline)
