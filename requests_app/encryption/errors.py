"""What can go wrong with sealed data, each with the sentence for the one who can act."""

from requests_app.errors import BadInput, DomainError


class KeyMissing(DomainError):
    """A key that this installation needs, or once used, is not in its settings."""

    code = "key_missing"
    status = 500


class SealBroken(DomainError):
    """Sealed bytes do not open: changed, cut short, or moved from where they were sealed."""

    code = "seal_broken"
    status = 500


class PlaintextRefused(DomainError):
    """Something tried to write or read a sealed column without sealing it."""

    code = "plaintext_refused"
    status = 500


class UnfitText(BadInput):
    """A text that cannot be stored: too long for its field, or holding a NUL character."""

    code = "unfit_text"


class StoreFull(DomainError):
    """The disk or bucket that holds our files has no room left."""

    code = "store_full"
    status = 507


class StoreAway(DomainError):
    """The object store that holds our files cannot be reached, or takes and gives nothing."""

    code = "store_away"
    status = 503


class StoredFileMissing(DomainError):
    """A file that a row names is not in the store."""

    code = "stored_file_missing"
    status = 410


class StoreNameRefused(DomainError):
    """A file name that the store did not make itself."""

    code = "store_name_refused"
    status = 400
