"""The refusals of transmissions: to the person, to staff, and what the other service answers, by what follows."""

from fulfillment.transmissions.states import TransmissionState, Why
from requests_app.errors import BadInput, DomainError, NotFound, NotPermitted


class NotOffered(DomainError):
    """No copy of this request can be sent to another service (now)."""

    code = "transmission_not_offered"


class UnfitEndpoint(BadInput):
    """The address that was named cannot be sent to."""

    code = "unfit_endpoint"
    status = 422


class NoSuchTransmission(NotFound):
    """There is no such transmission, or it belongs to another request."""

    code = "no_such_transmission"


class TransmissionMoved(DomainError):
    """It does not stand where the act needs it."""

    code = "transmission_moved"


class ApproverPrepared(NotPermitted):
    """Four eyes: whoever prepared the copy does not let it go elsewhere."""

    code = "approver_prepared"


class NotSent(Exception):
    """One attempt at sending did not end in a receipt; never reaches a page."""


class Later(NotSent):
    """Another attempt may help, not before `retry_after` seconds where we were told."""

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.retry_after = sentence, retry_after


class Final(NotSent):
    """No further attempt helps: how it ended and why, for the person; `sentence` is for staff."""

    def __init__(self, state: TransmissionState, why: Why, sentence: str, *, their_words: str = "") -> None:
        super().__init__(sentence)
        self.state, self.why, self.sentence, self.their_words = state, why, sentence, their_words
