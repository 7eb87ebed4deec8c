"""What came of a request, in the person's words: by right, and by how it ended."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import Link, Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState

_COPY = _("You have received what you asked for.")
_COPY_PARTLY = _("You have received our answer. Some things were left out; it says which, and why.")

_UNFETCHED = _(
    "Our answer lay ready for you until its last day and was not fetched. We have erased it for your safety."
)

G, P, N = Outcome.GRANTED, Outcome.PARTLY, Outcome.NOT_CHANGED
# right → how it ended → what the person reads first.
ANSWERS: dict[str, dict[str, str | Promise]] = {
    "access": {G: _COPY, P: _COPY_PARTLY},
    "portability": {G: _COPY, P: _COPY_PARTLY},
    "confirmation": {G: _COPY, P: _COPY_PARTLY},
    "third_party_list": {G: _COPY, P: _COPY_PARTLY},
    "deletion": {
        G: _("We have deleted your information."),
        P: _("We have deleted your information, except what must stay. Your page says what stays, and why."),
        N: _("We looked in every system and found nothing of yours to delete."),
    },
    "correction": {
        G: _("We have corrected your information as you asked."),
        P: _("We have corrected part of what you named. The rest we left as it was."),
        N: _("We looked at what you told us and left the information as it was."),
    },
    "restriction": {
        G: _("We keep the information and do not use it, until we tell you otherwise."),
        P: _("We no longer use part of the information. For the rest we could not stop; your page says why."),
        N: _("We could not restrict the use of your information."),
    },
    "objection": {
        G: _("We have stopped using your information for the purpose you objected to."),
        P: _("We have stopped some of the uses you objected to. The others go on."),
        N: _("We weighed your reasons, and go on using your information for this purpose."),
    },
    "withdraw_consent": {
        G: _("Your consent is withdrawn, and we have stopped what rested on it."),
        P: _("Your consent is withdrawn. Not everything that rested on it could be stopped yet."),
        N: _("There was no consent of yours that we relied on."),
    },
    "opt_out_sale_share": {
        G: _("We no longer sell or share your information, and have told those who received it."),
        P: _("We have stopped selling or sharing your information, but not everywhere yet."),
        N: _("We found nothing of yours that we sell or share."),
    },
    "limit_sensitive": {
        G: _("We now use your sensitive information only for what the service needs."),
        P: _("We have limited the use of your sensitive information, but not everywhere yet."),
        N: _("We found no sensitive information of yours."),
    },
    "automated_decision": {
        G: _("A person has reviewed the decision and changed it."),
        P: _("A person has reviewed the decision and changed part of it."),
        N: _("A person has reviewed the decision and comes to the same result."),
    },
    "appeal": {
        G: _("Your appeal was successful: your request is taken up again, under a reference of its own."),
        P: _("Your appeal was successful in part: your request is taken up again."),
        N: _("Somebody who took no part in the first decision looked again, and decided as before."),
    },
    "complaint": {
        G: _("We looked into your complaint. You were right."),
        P: _("We looked into your complaint. You were right in part."),
        N: _("We looked into your complaint and found nothing that we did wrong."),
    },
    "grievance": {
        G: _("We looked into your grievance. You were right."),
        P: _("We looked into your grievance. You were right in part."),
        N: _("We looked into your grievance and found nothing that we did wrong."),
    },
    "nominate": {
        G: _("We have noted whom you named to act for you."),
        P: _("We have noted whom you named, with a limit that your page names."),
        N: _("We could not note whom you named."),
    },
}


# What ended without an answer.
UNANSWERED: dict[str, Promise] = {
    RequestState.LAPSED: _(
        "It was not confirmed in time, so we could not be sure that it came from you. We changed nothing. "
        "If it was you, make it again."
    ),
    RequestState.WITHDRAWN: _("You took it back, so we stopped working on it."),
}


def answer_words(subject_request: SubjectRequest) -> str:
    """What came of a request that is over, in a sentence or two; granted where nothing else is written down."""
    if subject_request.state in UNANSWERED:
        return str(UNANSWERED[subject_request.state])
    if subject_request.was_unfetched:
        return str(_UNFETCHED)
    known = ANSWERS[subject_request.right]
    return str(known.get(subject_request.outcome) or known[Outcome.GRANTED])


ARRIVED: dict[str, str | Promise] = {
    "opt_out_sale_share": _("Nothing has to be confirmed: we are carrying it out now."),
    "limit_sensitive": _("Nothing has to be confirmed: we are carrying it out now."),
    "appeal": _("Somebody who took no part in the first decision now looks at it."),
}


def arrival_words(subject_request: SubjectRequest) -> str:
    """What happens now with a request that needed no confirmation."""
    first = subject_request.linked_to if subject_request.link == Link.FOLLOW_UP else None
    if first is not None and first.right == "appeal":
        return str(
            _("It follows from your appeal, which was successful: we take up again what you asked for.")
        )
    return str(ARRIVED.get(subject_request.right, _("Nothing has to be confirmed: we are working on it.")))
