"""The refusals of a callback; their sentences are for the engineers of the other side."""

from requests_app.errors import BadInput, DomainError, NotFound, NotPermitted


class UnknownOrder(NotFound):
    """No such order waits for an answer."""

    code = "unknown_order"

    def __init__(self) -> None:
        super().__init__("No such order waits for an answer.")


class NotSigned(NotPermitted):
    """The signature does not fit."""

    code = "not_signed"
    status = 401

    def __init__(self) -> None:
        super().__init__("The signature does not fit: see webhook-id, webhook-timestamp, webhook-signature.")


class TooLong(BadInput):
    """More bytes than the settings of the source allow."""

    code = "too_long"
    status = 413

    def __init__(self) -> None:
        super().__init__("The answer has more bytes than the settings of this source allow.")


class AnsweredBefore(DomainError):
    """Another answer came first and counts."""

    code = "answered_before"

    def __init__(self) -> None:
        super().__init__("This order was answered before, with something else. The first answer counts.")
