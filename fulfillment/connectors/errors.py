"""What can go wrong with a source, by what must happen next; no sentence holds a secret or personal data."""

from requests_app.errors import DomainError


class ConnectorError(DomainError):
    """A source could not be searched. What it had yielded until then is void."""

    code = "connector_failed"


class NotConfigured(ConnectorError):
    """Settings or data map do not fit the source: a person has to mend them, trying again is of no use."""

    code = "source_not_configured"


class Retryable(ConnectorError):
    """The source cannot answer now; try again, not before `retry_after` seconds where it said so."""

    code = "source_unavailable"
    status = 503

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class NotYet(Retryable):
    """The source has taken it on and will say when it is done: nothing has failed, and no worker is held meanwhile."""

    code = "source_is_at_it"


class Fatal(ConnectorError):
    """The source answered something that must not be used; a person has to look."""

    code = "source_answer_refused"


class Undecided(Fatal):
    """The answer may be another one next time, or cannot be read: whether a change was made it does not say."""


class Unsupported(ConnectorError):
    """This connector cannot do what is asked; it becomes a task for a person."""

    code = "source_cannot"


class Waiting(ConnectorError):
    """A person has the question: nothing is wrong, and nothing is tried again until they answer.

    `whom` names them, for the page of the case.
    """

    code = "source_waits_for_a_person"

    def __init__(self, sentence: str, *, whom: str) -> None:
        super().__init__(sentence)
        self.whom = whom
