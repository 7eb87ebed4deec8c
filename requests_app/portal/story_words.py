"""The words of the person's own page where they depend on the right: history, stages, turns, what withdrawing means."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.states import CLOSED, RequestState

S = RequestState
Stages = tuple[tuple[Promise, frozenset[RequestState]], ...]

# What the person sees of the audit log: outward steps only, in their words.
TOLD: dict[str, Promise] = {
    "request.received": _("Your request reached us"),
    FACTS[Move.CONFIRM_IDENTITY].event: _("You confirmed your mail address"),
    FACTS[Move.ASK_MORE_PROOF].event: _("We asked you to show that it is you"),
    FACTS[Move.LESSEN].event: _("We went on with the answer that your proof allows"),
    FACTS[Move.ASK_PERSON].event: _("We asked you something"),
    FACTS[Move.TAKE_ANSWER].event: _("We went on with your request"),
    FACTS[Move.APPROVE].event: _("We began to search for your information"),
    FACTS[Move.FINISH_SEARCH].event: _("We began to check what we found"),
    FACTS[Move.RELEASE].event: _("Your copy became ready"),
    FACTS[Move.DELIVER].event: _("You downloaded your copy"),
    FACTS[Move.TAKE_BACK].event: _("We took our answer back, to put it right"),
    FACTS[Move.CLOSE_UNFETCHED].event: _("Our answer was erased; it had not been fetched"),
    FACTS[Move.WEIGH].event: _("Somebody began to decide about your request"),
    FACTS[Move.ACT_AT_ONCE].event: _("We began to carry out your request"),
    FACTS[Move.GRANT].event: _("We began to carry out your request"),
    FACTS[Move.LET_STAND].event: _("We gave our answer"),
    FACTS[Move.ANSWER].event: _("We gave our answer"),
    FACTS[Move.UPHOLD_APPEAL].event: _("Your appeal was successful"),
    FACTS[Move.APPROVE_DELETION].event: _("The deletion was decided; you could still stop it"),
    FACTS[Move.BEGIN_EXECUTION].event: _("We began to delete your information"),
    FACTS[Move.FINISH_EXECUTION].event: _("Your request was carried out"),
    FACTS[Move.COMPLETE].event: _("We checked the result and gave our answer"),
    FACTS[Move.ANNOUNCE_LIFTING].event: _("We told you that the restriction will be lifted"),
    FACTS[Move.KEEP_IN_FORCE].event: _("The restriction was kept in force"),
    FACTS[Move.FINISH_LIFTING].event: _("The restriction ended"),
    FACTS[Move.FORWARD].event: _("We passed your request on"),
    FACTS[Move.JOIN].event: _("We joined your request with another one of yours"),
    FACTS[Move.REFUSE].event: _("We gave our answer"),
    FACTS[Move.WITHDRAW].event: _("You took your request back"),
    FACTS[Move.LAPSE].event: _("Your request was closed"),
    "request.extended": _("We told you that our answer takes longer"),
    "request.fee_paid": _("We received the fee"),
    "request.appealed": _("You appealed against our answer"),
    "request.renewed": _("You asked for a new copy"),
    "request.renewed_by_staff": _("We began a new copy for you"),
    "request.taken_up_again": _("We took up again what you had asked for"),
}
# Inward steps: work that goes on without the person, or that another line tells already.
UNTOLD = frozenset(
    FACTS[move].event
    for move in (
        Move.ASK_IDENTITY,
        Move.TAKE_IN,
        Move.ADD_PROOF,
        Move.FINISH_REVIEW,
        Move.PROPOSE_DELETION,
        Move.SEARCH_AGAIN,
        Move.BUNDLE_BUILT,
        Move.SEND_BACK,
        Move.FINISH_VERIFICATION,
        Move.CARRY_OUT_AGAIN,
        Move.LIFT,
    )
)
_ANSWER_READY, _ANSWER_FETCHED = _("Our answer became ready"), _("You downloaded our answer")
OF_A_RIGHT: dict[tuple[str, str], Promise] = {
    ("deletion", FACTS[Move.APPROVE].event): _("We began to find out what would be deleted"),
    ("deletion", FACTS[Move.FINISH_SEARCH].event): _("We began to check what can be deleted"),
    ("deletion", FACTS[Move.FINISH_EXECUTION].event): _("Every system has done its part"),
    ("restriction", FACTS[Move.FINISH_EXECUTION].event): _("Your restriction came into force"),
    ("confirmation", FACTS[Move.RELEASE].event): _ANSWER_READY,
    ("confirmation", FACTS[Move.DELIVER].event): _ANSWER_FETCHED,
    ("third_party_list", FACTS[Move.RELEASE].event): _ANSWER_READY,
    ("third_party_list", FACTS[Move.DELIVER].event): _ANSWER_FETCHED,
    # Fetched by the person, or received by the service that they named.
    ("portability", FACTS[Move.DELIVER].event): _("Your copy was handed over"),
    ("appeal", "request.received"): _("Your appeal reached us"),
    ("complaint", "request.received"): _("Your complaint reached us"),
}


def told(right: str, event: str) -> str | None:
    """An outward event in the person's words; None for an inward one."""
    words = OF_A_RIGHT.get((right, event)) or TOLD.get(event)
    return str(words) if words else None


# The stages of the track; a right has those of which its machine has a state.
STAGES: Stages = (
    (_("Received"), frozenset({S.RECEIVED, S.AWAITING_IDENTITY})),
    (_("Confirmed"), frozenset({S.IN_REVIEW, S.AWAITING_ANSWER})),
    (_("Gathering"), frozenset({S.FULFILLING})),
    (_("Checking"), frozenset({S.CHECKING, S.PREPARING, S.AWAITING_RELEASE, S.AWAITING_APPROVAL})),
    (_("Deciding"), frozenset({S.WEIGHING})),
    (_("Carrying out"), frozenset({S.WAITING_PERIOD, S.EXECUTING, S.VERIFYING, S.CONFIRMING})),
    (_("Answered"), frozenset({S.READY, S.IN_FORCE, S.LIFTING_ANNOUNCED, S.LIFTING}) | CLOSED),
)


def states_of(right: str) -> frozenset[RequestState]:
    """The states that requests of a right can be in."""
    return frozenset(arrow.target for arrow in arrows(RIGHTS[right].machine)) | {S.RECEIVED}


def hands_over(right: str) -> bool:
    """Whether the answer to this right is something to download."""
    return S.READY in states_of(right)


def stages_of(right: str, *, needs_proof: bool) -> Stages:
    """The stages that a request of this right goes through."""
    confirmed = STAGES[1]
    found = [stage for stage in STAGES if stage[1] & states_of(right)]
    return tuple(stage for stage in found if needs_proof or stage is not confirmed)


# What it means for the person that it is their turn, or nobody's, in a state.
TURNS: dict[RequestState, tuple[Promise, Promise]] = {
    S.AWAITING_IDENTITY: (
        _("It is your turn."),
        _("Confirm that the request is yours, so that we can begin. The code is in our message."),
    ),
    S.READY: (_("It is your turn."), _("Our answer waits for you.")),
    S.WAITING_PERIOD: (
        _("You need not do anything."),
        _(
            "If you have changed your mind, you can stop it until it begins, on %(day)s at the earliest. "
            "After that it cannot be undone."
        ),
    ),
    S.IN_FORCE: (
        _("Your restriction is in force."),
        _("We keep the information and do not use it. Before that changes, we tell you."),
    ),
    S.LIFTING_ANNOUNCED: (
        _("You need not do anything."),
        _("Nothing changes before %(day)s. If you do not agree, tell us before that day."),
    ),
    S.LIFTING: (_("It is our turn."), _("We write to you when it is done.")),
}
ANSWERED_ON = _("Answered on")
ENDED: dict[RequestState, Promise] = {
    S.READY: ANSWERED_ON,
    S.REFUSED: ANSWERED_ON,
    S.COMPLETED: ANSWERED_ON,
    S.IN_FORCE: _("In force since"),
    S.LIFTING_ANNOUNCED: _("Announced on"),
    S.LIFTING: _("Lifted since"),
    S.FORWARDED: _("Handed over on"),
    S.DUPLICATE: _("Joined on"),
}

_KEEP = _("Nothing is changed then, and we stop working on it. You can always make a new one.")
WITHDRAWING: dict[str, Promise] = {
    "deletion": _("Nothing is deleted then: we keep your information as before. You can always ask again."),
    "correction": _("Nothing is corrected then. What is restricted while we check it is used again."),
    "objection": _("We go on using your information as before. You can always object again."),
    "restriction": _("Your information is used as before. You can always ask again."),
    "withdraw_consent": _("Your consent holds as before. You can always withdraw it later."),
    "opt_out_sale_share": _("Your information is sold or shared as before. You can always opt out later."),
    "limit_sensitive": _("Your sensitive information is used as before. You can always limit it later."),
    "automated_decision": _("The decision stays as it is. The time for contesting it may run out."),
    "appeal": _("Our first answer stands then. You can appeal again until the last day for it."),
    "complaint": _("We stop looking into it. You can always complain again, also to the authority."),
    "grievance": _("We stop looking into it. You can always raise it again."),
    "nominate": _("Nobody is noted to act for you. You can always name somebody later."),
}


def withdrawing(right: str) -> str:
    """What taking a request of this right back means."""
    return str(WITHDRAWING.get(right, _KEEP))
