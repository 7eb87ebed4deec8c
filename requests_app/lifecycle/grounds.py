"""The grounds on which a request may be refused, or a restriction be granted: those of the law of its case."""

from requests_app.jurisdictions.facts import Refusal, RestrictionGround
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.lifecycle.weighed import is_weighed

RESTRICTION = "restriction"
OPT_OUTS = frozenset({"opt_out_sale_share", "limit_sensitive"})
FRAUD = frozenset({"suspected_fraud_opt_out", "fraudulent_opt_out"})


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


def a_ground_to_restrict_holds(attempt: Attempt) -> str | None:
    """A restriction is granted on a ground that the law of the case gives for one, as whoever grants it found."""
    if attempt.subject_request.right != RESTRICTION:
        return None
    known = [each.code for each in restriction_grounds_of(attempt.subject_request)]
    if not known:
        return "The law of this case gives no ground for a restriction."
    if attempt.given is not None and attempt.given.get("ground") not in known:
        return "Choose a ground that the law of this case gives for a restriction."
    return None


def restriction_grounds_of(subject_request: SubjectRequest) -> tuple[RestrictionGround, ...]:
    """Return the grounds on which the law of the case has the use of data restricted."""
    return jurisdiction(subject_request.regime).restriction_grounds
