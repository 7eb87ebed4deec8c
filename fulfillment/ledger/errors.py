"""The refusals of the erasure ledger."""

from requests_app.errors import DomainError


class LedgerAway(DomainError):
    """The ledger cannot be read or written now."""

    code = "ledger_away"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "The erasure ledger cannot be reached (LEDGER_URL), so no erasure can be called done. Try again once it is "
            "back."
        )


class LedgerBroken(DomainError):
    """An entry was changed or taken out, or the ledger was written with another key."""

    code = "ledger_broken"
