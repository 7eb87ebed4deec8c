"""The refusals of identity checks. Their sentences are the same whether or not a request exists."""

from requests_app.errors import DomainError, TooManyAttempts


class WrongCode(DomainError):
    """The pair of reference and code is not one that works now."""

    code = "wrong_code"
    status = 400

    def __init__(self) -> None:
        super().__init__(
            "The reference and the code do not match, or the code has been used or has expired. "
            "Check both, or ask for a new code."
        )


class TooManyWrongCodes(TooManyAttempts):
    """Five wrong codes within a day close the door until the day is over."""

    code = "too_many_wrong_codes"

    def __init__(self) -> None:
        super().__init__(
            "Too many wrong codes were entered. Please try again tomorrow, or write to us or call us."
        )


class LinkNotValid(DomainError):
    """The token of a link is not one of ours, or was damaged on its way."""

    code = "link_not_valid"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "This link is not complete. Open it again from our message, or enter your reference and code instead."
        )


class LinkExpired(DomainError):
    """The link was too old, or a newer one has replaced it."""

    code = "link_expired"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            "This link has expired, or a newer one has replaced it. Ask for a new code to go on."
        )


class AlreadyConfirmed(DomainError):
    """The address was confirmed before; `needs_more` when another proof is still to come."""

    code = "already_confirmed"

    def __init__(self, *, needs_more: bool = False) -> None:
        super().__init__("You have already confirmed your address for this request.")
        self.needs_more = needs_more
