"""The refusals of connected sources."""

from requests_app.errors import DomainError, NotFound


class UnknownSource(NotFound):
    """No source has this key."""

    code = "unknown_source"


class SourceAlreadyConnected(DomainError):
    """A source of this key is there already."""

    code = "source_already_connected"


class NoSuchSecret(NotFound):
    """A source of this kind has no secret setting of this name."""

    code = "no_such_secret"
