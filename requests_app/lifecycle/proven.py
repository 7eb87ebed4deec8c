"""Conditions on the proof of who asks: enough of it before anything is done, and no more than the law lets us ask."""

from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import Asker, IdentityLevel
from requests_app.lifecycle.proof import demanded, lesser_answer, row_for


def identity_is_proven(attempt: Attempt) -> str | None:
    """Nothing is searched, decided, changed or released before the proof that the row of the table demands.

    Asked anew at every decision, so what raises the demand later (data that turn out to be sensitive, another law,
    a doubt) stops the next one until the proof is raised as well.
    """
    subject_request = attempt.subject_request
    needed = demanded(subject_request)
    if subject_request.identity_level < needed:
        return f"The person has not proven who they are yet: this request needs “{needed.label}”."
    return standing_is_proven(attempt)


def standing_is_proven(attempt: Attempt) -> str | None:
    """Whoever asks for somebody else has shown that they may."""
    subject_request = attempt.subject_request
    if subject_request.asked_by != Asker.SELF and subject_request.standing_proven_at is None:
        who = "agent's mandate" if subject_request.asked_by == Asker.AGENT else "guardian's standing"
        return f"The {who} has not been accepted yet."
    return None


def lesser_proof_is_there(attempt: Attempt) -> str | None:
    """The lesser answer needs its own, lower proof."""
    lesser = lesser_answer(attempt.subject_request)
    if lesser is None or lesser.scope is None:
        return "The law of this case knows no lesser answer."
    if attempt.subject_request.identity_level < lesser.level:
        return f"Even the lesser answer needs “{lesser.level.label}”."
    if attempt.given is not None and attempt.given.get("scope") != lesser.scope:
        return "This is not the lesser answer that the law gives."
    return None


def nothing_less_is_due(attempt: Attempt) -> str | None:
    """A request does not lapse where what is proven is enough for it, or for the lesser answer of its law."""
    if identity_is_proven(attempt) is None:
        return "The proof is there: the request goes on."
    asked = Attempt(attempt.subject_request, attempt.by)
    if lesser_proof_is_there(asked) is None and standing_is_proven(asked) is None:
        return "What is proven is enough for the lesser answer, which the law gives instead."
    return None


def proof_may_be_asked(attempt: Attempt) -> str | None:
    """No proof is asked where the law forbids to: an opt-out is no verifiable request (11 CCR 7026(d), 7027(e))."""
    row = row_for(attempt.subject_request.right, attempt.subject_request.regime)
    if row.usual is IdentityLevel.NONE:
        return "A request of this kind needs no proof of identity, and none may be asked."
    return None


def more_can_be_asked(attempt: Attempt) -> str | None:
    """A doubt asks for more than was proven; above the highest level there is nothing to ask for."""
    proven = IdentityLevel(attempt.subject_request.identity_level)
    if proven is IdentityLevel.HIGH:
        return "The highest level of proof is there already; nothing more can be asked."
    wanted = (attempt.given or {}).get("level")
    if wanted is not None and wanted not in [level for level in IdentityLevel if level > proven]:
        return f"“{proven.label}” is proven already; ask for more than that."
    return None
