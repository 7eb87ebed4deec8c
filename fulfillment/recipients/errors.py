"""The refusals around recipients."""

from requests_app.errors import DomainError, NotFound


class AnswerLinkNotValid(NotFound):
    """Nothing lies behind the link."""

    code = "link_not_valid"

    def __init__(self) -> None:
        super().__init__("This link does not work. Use the newest message that you have from us.")


class AlreadyAnswered(DomainError):
    """Another answer was given first."""

    code = "already_answered"


class NothingToSend(DomainError):
    """There is no letter that would be sent again."""

    code = "nothing_to_send"
