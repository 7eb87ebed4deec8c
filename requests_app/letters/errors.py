"""Why a letter is not handed out."""

from requests_app.errors import DomainError, NotFound


class LetterGone(NotFound):
    """The words of a letter are not kept any more."""

    code = "letter_gone"
    status = 410


class NoSuchLetter(NotFound):
    """This request has no such letter."""

    code = "no_such_letter"


class SampleBeingSet(DomainError):
    """Another sample has the one place that the pages give to them."""

    code = "sample_being_set"
    status = 503


class LetterBeingSet(DomainError):
    """The letter is not a PDF yet."""

    code = "letter_being_set"
    status = 409
