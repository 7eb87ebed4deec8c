"""What must hold before a move beyond the state itself: each answers with the sentence of the refusal, or None."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from requests_app.audit.actors import Actor
from requests_app.jurisdictions.facts import Refusal
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.models import Asker, IdentityLevel, Link, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.proof import demanded, lesser_answer
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.lifecycle.weighed import Verdict, in_favour, is_weighed, undecided


@dataclass(frozen=True)
class Attempt:
    """One try at a move. `at` and `given` are None while only asked whether the move could be made at all."""

    subject_request: SubjectRequest
    by: Actor
    at: datetime | None = None
    given: Mapping[str, object] | None = field(default=None)


Condition = Callable[[Attempt], str | None]

OPT_OUTS = frozenset({"opt_out_sale_share", "limit_sensitive"})
FRAUD = frozenset({"suspected_fraud_opt_out", "fraudulent_opt_out"})


def identity_is_proven(attempt: Attempt) -> str | None:
    """Nothing is searched, decided, changed or released before the proof that the row of the table demands."""
    subject_request = attempt.subject_request
    needed = demanded(subject_request)
    if subject_request.identity_level < needed:
        return f"The person has not proven who they are yet: this request needs “{needed.label}”."
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


def more_can_be_asked(attempt: Attempt) -> str | None:
    """A doubt asks for more than was proven; above the highest level there is nothing to ask for."""
    proven = IdentityLevel(attempt.subject_request.identity_level)
    if proven is IdentityLevel.HIGH:
        return "The highest level of proof is there already; nothing more can be asked."
    wanted = (attempt.given or {}).get("level")
    if wanted is not None and wanted not in [level for level in IdentityLevel if level > proven]:
        return f"“{proven.label}” is proven already; ask for more than that."
    return None


def somebody_else_prepared_it(attempt: Attempt) -> str | None:
    """Four eyes: whoever approved the search or finished the review does not release and does not approve."""
    subject_request = attempt.subject_request
    prepared_by = {
        str(key) for key in (subject_request.approved_by_id, subject_request.reviewed_by_id) if key
    }
    if attempt.by.staff_id in prepared_by:
        return "You prepared this request, so another person releases it."
    if len(prepared_by) == 0:
        return "Nobody has prepared this request yet."
    return None


def somebody_else_decided_first(attempt: Attempt) -> str | None:
    """An appeal is decided by a person who took no part in the decision it is about."""
    first = attempt.subject_request.linked_to
    if first is None:
        return "This appeal points to no request."
    part_in_it = (first.approved_by_id, first.reviewed_by_id, first.decided_by_id, first.released_by_id)
    if attempt.by.staff_id in {str(key) for key in part_in_it if key}:
        return "You took part in the first decision, so another person decides the appeal."
    return None


def ground_is_of_the_law(attempt: Attempt) -> str | None:
    """A refusal names a ground that the law of the case knows for this right."""
    known = [each.code for each in grounds_for(attempt.subject_request)]
    if not known:
        return "The law of this case gives no ground for a refusal any more."
    if attempt.given is not None and attempt.given.get("code") not in known:
        return "Choose a ground that the law of this case gives for a refusal."
    return None


def grounds_for(subject_request: SubjectRequest) -> tuple[Refusal, ...]:
    """Return the grounds that the law of the case gives for refusing; an appeal has those of what it is about.

    What acts before anybody reads it is called off only for a recorded belief that it is fraudulent. An objection to
    marketing is absolute: no interest of ours outweighs it (Art. 21(3) GDPR).
    """
    about = subject_request.linked_to if subject_request.link == Link.APPEAL else None
    counted = about or subject_request
    known = jurisdiction(counted.regime).refusals_for(right_code(counted.right))
    if subject_request.right in OPT_OUTS and subject_request.state == RequestState.EXECUTING:
        return _of_fraud(known)
    if not is_weighed(counted):
        return tuple(each for each in known if each.code != "compelling_grounds")
    return known


def _of_fraud(known: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """The ground of fraud; some acts know none of its own and let an unauthenticated request be declined instead."""
    return tuple(each for each in known if each.code in FRAUD) or tuple(
        each for each in known if each.code == "unauthenticated"
    )


def something_is_to_be_weighed(attempt: Attempt) -> str | None:
    """An objection to marketing is not weighed: it stops at once (Art. 21(3) GDPR)."""
    if is_weighed(attempt.subject_request):
        return None
    return "An objection to marketing is not weighed: it stops at once."


def nothing_is_to_be_weighed(attempt: Attempt) -> str | None:
    """Only an objection to marketing alone acts at once; any other purpose is weighed first (Art. 21(1) GDPR)."""
    if attempt.subject_request.right == "objection" and is_weighed(attempt.subject_request):
        return "Only an objection to marketing alone acts at once: another purpose is weighed first."
    return None


def every_part_is_decided(attempt: Attempt) -> str | None:
    """What consists of parts is granted when each is decided, and one at least for the person."""
    return undecided(attempt.subject_request)


def nothing_was_granted(attempt: Attempt) -> str | None:
    """What was decided for the person in part is carried out in part."""
    if not in_favour(attempt.subject_request):
        return None
    return "A part of this request is decided for the person already: grant that part."


def a_person_looked_again(attempt: Attempt) -> str | None:
    """A machine's decision stands only after a person has written down why (Art. 22(3) GDPR)."""
    found = attempt.subject_request.weighed.filter(verdict=Verdict.FOR_US)
    return None if found.exists() else "Nobody has written down yet what a person found."


def waiting_is_over(attempt: Attempt) -> str | None:
    """What was announced for a day does not happen before it."""
    until = attempt.subject_request.waits_until
    if until is None:
        return "No day has been announced yet."
    if attempt.at is not None and attempt.at < until:
        return f"This was announced for {until:%-d %B %Y}, and does not happen before."
    return None


def access_comes_first(attempt: Attempt) -> str | None:
    """Access is delivered before deletion begins, unless the person asked otherwise."""
    subject_request = attempt.subject_request
    if subject_request.particulars.get("deletion_may_go_first"):
        return None
    siblings = SubjectRequest.objects.filter(
        submission_id=subject_request.submission_id, right__in=("access", "portability")
    ).exclude(state__in=CLOSED)
    waiting = siblings.exclude(pk=subject_request.pk).first()
    if waiting is None:
        return None
    return (
        f"The person also asked for a copy ({waiting.reference}); it is delivered before anything is deleted."
    )


def other_request_is_open(attempt: Attempt) -> str | None:
    """A request is joined only with an open one of the same person for the same right: nobody's own is hindered."""
    subject_request = attempt.subject_request
    if attempt.given is None:
        same = SubjectRequest.objects.filter(
            subject_email_index=subject_request.subject_email_index, right=subject_request.right
        )
        others = same.exclude(state__in=CLOSED).exclude(pk=subject_request.pk)
        return None if others.exists() else "This person has no other open request for the same right."
    other = SubjectRequest.objects.filter(pk=attempt.given.get("linked_to_id")).first()
    if other is None or other.pk == subject_request.pk:
        return "Choose the request that goes on."
    same = other.subject_email_index == subject_request.subject_email_index
    if not same or other.right != subject_request.right or other.state in CLOSED:
        return "Only an open request of the same person for the same right can answer for this one."
    if other.state == RequestState.AWAITING_IDENTITY and subject_request.state != other.state:
        return "The other request is not confirmed yet; join that one with this instead."
    return None


PROVEN = (identity_is_proven,)
CONDITIONS: dict[Move, tuple[Condition, ...]] = {
    Move.TAKE_IN: PROVEN,
    Move.CONFIRM_IDENTITY: PROVEN,
    Move.LESSEN: (lesser_proof_is_there,),
    Move.ACT_AT_ONCE: (identity_is_proven, nothing_is_to_be_weighed),
    Move.ASK_MORE_PROOF: (more_can_be_asked,),
    Move.APPROVE: PROVEN,
    Move.SEARCH_AGAIN: PROVEN,
    Move.FINISH_REVIEW: PROVEN,
    Move.PROPOSE_DELETION: PROVEN,
    Move.RELEASE: (identity_is_proven, somebody_else_prepared_it),
    Move.APPROVE_DELETION: (identity_is_proven, somebody_else_prepared_it),
    Move.BEGIN_EXECUTION: (identity_is_proven, waiting_is_over, access_comes_first),
    Move.WEIGH: (identity_is_proven, something_is_to_be_weighed),
    Move.GRANT: (identity_is_proven, every_part_is_decided),
    Move.LET_STAND: (identity_is_proven, a_person_looked_again),
    Move.UPHOLD_APPEAL: (identity_is_proven, somebody_else_decided_first),
    Move.ANSWER: PROVEN,
    Move.LIFT: (waiting_is_over,),
    Move.JOIN: (other_request_is_open,),
    Move.REFUSE: (ground_is_of_the_law, nothing_was_granted),
}


def unmet(attempt: Attempt, move: Move) -> str | None:
    """The first condition that stands in the way of a move, as a sentence, or None."""
    for condition in CONDITIONS.get(move, ()):
        sentence = condition(attempt)
        if sentence is not None:
            return sentence
    return None
