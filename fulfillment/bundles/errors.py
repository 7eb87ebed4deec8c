"""What can go wrong with a bundle, each with the sentence for the one who can act."""

from requests_app.errors import DomainError, NotFound


class BundleNotBuilt(DomainError):
    """A bundle could not be put together; another attempt may help."""

    code = "bundle_not_built"
    status = 500


class BundleDamaged(BundleNotBuilt):
    """What was read back from the store is not what was written."""

    code = "bundle_damaged"


class BundleNotReady(DomainError):
    """The bundle is not in the state that the act needs."""

    code = "bundle_not_ready"


class BundleGone(NotFound):
    """The bundle has expired, was revoked, or was never released to this person."""

    code = "bundle_gone"
    status = 410


class BundleUnreadable(DomainError):
    """A released copy is in the store no more, or not as it was written."""

    code = "bundle_unreadable"
    status = 500


class RangeNotSatisfiable(DomainError):
    """A download asked for a part of the file that does not exist."""

    code = "range_not_satisfiable"
    status = 416
