"""The refusals around anchors of the audit chain."""

from requests_app.errors import DomainError


class StatementBroken(DomainError):
    """A statement that cannot be read, or was not signed with a key of ours."""

    code = "statement_broken"


class ChainContradicted(DomainError):
    """The chain does not hold what was anchored before: nothing is built upon it."""

    code = "chain_contradicted"


class NothingToAcknowledge(DomainError):
    """The chain and its anchors agree: no backup has come back."""

    code = "nothing_to_acknowledge"


class PlaceAway(DomainError):
    """A place that keeps anchors cannot be reached now."""

    code = "anchor_place_away"
    status = 503


class PlaceRefuses(DomainError):
    """A place that keeps anchors will not take this one, whenever it is asked."""

    code = "anchor_place_refuses"
