"""What staff may not do with identities, in words."""

from requests_app.errors import BadInput, DomainError, NotFound


class UnfitIdentity(BadInput):
    """A value that cannot be an identity of its kind."""

    code = "unfit_identity"


class IdentityKnown(DomainError):
    """The same stands on the list already."""

    code = "identity_known"


class IdentityFixed(DomainError):
    """The request is at a point at which whom it means is not changed any more."""

    code = "identity_fixed"


class UnknownIdentity(NotFound):
    """No such identity belongs to the request."""

    code = "unknown_identity"
