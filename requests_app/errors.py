"""The root of every anticipated refusal: a sentence fit for its reader, and a code for machines."""


class DomainError(Exception):
    """A "no" that the product foresees.

    `sentence` is shown as it stands to the person, the staff or the API client who met the refusal, so it holds no
    personal data and says what can be done. `code` is stable and machine-readable; `status` is the HTTP status the
    web and API doors answer with.
    """

    code = "refused"
    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class NotFound(DomainError):
    """What was asked for does not exist, or the asker may not know that it does."""

    code = "not_found"
    status = 404


class NotPermitted(DomainError):
    """The actor may not do this."""

    code = "not_permitted"
    status = 403


class BadInput(DomainError):
    """What was given cannot be used; the sentence says how to put it right."""

    code = "bad_input"
    status = 400


class TooManyAttempts(DomainError):
    """A limit is used up; the sentence says until when."""

    code = "too_many_attempts"
    status = 429
