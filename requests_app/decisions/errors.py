"""Why a decision cannot be made, each in a sentence for the one who tried."""

from requests_app.errors import BadInput, DomainError, NotPermitted


class RoleMayNotDecide(NotPermitted):
    """The actor's role does not work cases."""

    code = "role_may_not_decide"


class NothingToExtend(DomainError):
    """The request is answered, or its date has another master."""

    code = "nothing_to_extend"


class NoExtension(DomainError):
    """The law of the case gives no more time for this right."""

    code = "no_extension"


class ExtensionUsed(DomainError):
    """The law gives more time only once, and it was taken."""

    code = "extension_used"


class ExtensionTooLate(DomainError):
    """The last day for telling the person has passed."""

    code = "extension_too_late"


class NewDateMissing(BadInput):
    """The law lets the notice itself name the new date, and it names none that is later."""

    code = "new_date_missing"


class FeeNotAllowed(DomainError):
    """The law of the case forbids charging."""

    code = "fee_not_allowed"


class FeeIncomplete(BadInput):
    """A fee lacks its amount or its currency, or a question has one."""

    code = "fee_incomplete"


class NothingAsked(DomainError):
    """No question is open."""

    code = "nothing_asked"


class AnswerMissing(BadInput):
    """The answer is empty, or the fee needs no words."""

    code = "answer_missing"


class SameRegime(BadInput):
    """The law chosen is the one that answers already."""

    code = "same_regime"


class NotBeingWeighed(DomainError):
    """Decisions are written down while the request is being weighed, and stand afterwards."""

    code = "not_being_weighed"


class WordsMissing(BadInput):
    """A decision lacks its ground, or its reasons."""

    code = "words_missing"


class LiftingTooSoon(BadInput):
    """A lifting is announced in time, so that the person can object."""

    code = "lifting_too_soon"


class ReferenceMistyped(BadInput):
    """What was typed to confirm is not the reference of the request."""

    code = "reference_mistyped"


class AlreadyStopped(DomainError):
    """The deletion was stopped before."""

    code = "already_stopped"


class DeletionHasBegun(DomainError):
    """It is too late to stop the deletion."""

    code = "deletion_has_begun"
    status = 410


class NothingToAnswer(DomainError):
    """Words that come too late to change anything: the restriction is over, or the request is closed."""

    code = "nothing_to_answer"


class NothingToPropose(DomainError):
    """The policy lets one person decide this."""

    code = "nothing_to_propose"


class NotToBeSentAgain(DomainError):
    """A message was delivered after all, is on its way, or a newer one has taken its place."""

    code = "not_to_be_sent_again"
