"""The refusals of proposals."""

from requests_app.errors import DomainError


class NothingAccepted(DomainError):
    """A map without a change would be no new version."""

    code = "nothing_accepted"


class ProposalOutdated(DomainError):
    """The map, or the proposal, is not what the reader saw."""

    code = "proposal_outdated"
    status = 409
