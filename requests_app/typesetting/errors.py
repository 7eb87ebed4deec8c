"""What can go wrong while a PDF is set."""

from requests_app.errors import DomainError


class LetterNotSet(DomainError):
    """The letter could not be turned into a PDF; another attempt may help."""

    code = "letter_not_set"
    status = 500
