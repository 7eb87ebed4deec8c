"""The refusals of sweeps."""

from requests_app.errors import DomainError, NotFound


class SweepRunning(DomainError):
    """The source is being gone through for this request already."""

    code = "sweep_running"


class NobodyMeant(DomainError):
    """Nothing that the person is known by was accepted; a name alone means many people."""

    code = "nobody_meant"


class NothingToRetry(DomainError):
    """The sweep was not given up, or the request is closed."""

    code = "nothing_to_retry"


class SweepsOver(DomainError):
    """The request is closed: nothing is looked for any more."""

    code = "sweeps_over"


class UnknownTrace(NotFound):
    """The request has no such trace."""

    code = "unknown_trace"


class TraceClosed(DomainError):
    """Decisions about traces are over for this request."""

    code = "trace_closed"
