"""The refusals of the state machine."""

from requests_app.errors import DomainError, NotFound, NotPermitted


class MoveNotAllowed(DomainError):
    """The move does not lead out of the state the request is in, or one of its conditions is not met."""

    code = "move_not_allowed"


class MoveNotPermitted(NotPermitted):
    """The move is possible, but not for this actor."""

    code = "move_not_permitted"


class CaseChangedMeanwhile(DomainError):
    """Somebody else moved the request after the actor looked at it."""

    code = "changed_meanwhile"


class ReasonMissing(DomainError):
    """The move needs a reason in words."""

    code = "reason_missing"
    status = 400


class WrongArgument(DomainError):
    """What the move takes is missing, or is not of its kind."""

    code = "wrong_argument"
    status = 400


class UnknownReference(NotFound):
    """No request has this reference."""

    code = "unknown_reference"
