"""The refusals around proofs of identity."""

from django.utils.translation import gettext as _

from requests_app.errors import DomainError, NotFound, TooManyAttempts


class NotWaitingForProof(DomainError):
    """The request does not wait for proof."""

    code = "not_waiting_for_proof"

    def __init__(self) -> None:
        super().__init__(_("This request does not wait for proof any more."))


class ProofNotOffered(NotFound):
    """This way of proving is not one of those that the request offers."""

    code = "proof_not_offered"

    def __init__(self) -> None:
        super().__init__(_("This way is not offered for your request. Choose one of the others."))


class TooManyProofs(TooManyAttempts):
    """The same way was tried three times and did not match."""

    code = "too_many_proofs"

    def __init__(self) -> None:
        super().__init__(
            _("This way was tried three times and did not work. Choose another one, or write to us.")
        )


class UnknownProof(NotFound):
    """No such proof belongs to this request."""

    code = "unknown_proof"

    def __init__(self) -> None:
        super().__init__(_("There is no such proof in this request."))


class ProofDecided(DomainError):
    """Somebody has decided about the proof already, or the person took it back."""

    code = "proof_decided"

    def __init__(self) -> None:
        super().__init__(_("This proof is decided already, or was taken back. Look at the case again."))


class EvidenceGone(DomainError):
    """What was given is deleted, so nothing can be compared with it."""

    code = "evidence_gone"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("What the person gave has been deleted. Ask for it again."))


class ProofNotEnough(DomainError):
    """The marks give no level."""

    code = "proof_not_enough"

    def __init__(self) -> None:
        super().__init__(_("Too few points match to accept this proof. Reject it, with your reason."))


class NoTimeForProof(DomainError):
    """A proof asked for now could not come before the answer is due."""

    code = "no_time_for_proof"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The answer is due too soon to ask for more proof. Extend the time first, or decide with what is there."
            )
        )


class TooLateToChange(DomainError):
    """Data were changed already, the answer is out, or the demand would be lowered outside of the review."""

    code = "too_late_to_change"

    def __init__(self) -> None:
        super().__init__(
            _(
                "How sensitive the data are can be said until data are changed or the answer is out, not later."
            )
        )
