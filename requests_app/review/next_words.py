"""What is next for a case in each state, in words for the staff: for all rights, and where one is different."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState

Words = tuple[str | Promise, str | Promise, Move | None]

S = RequestState
# (what is next, why); the move that takes the case on, where a person makes it
NEXT: dict[RequestState, Words] = {
    S.RECEIVED: (
        _("Next: the person is asked to confirm"),
        _("A code is on its way by mail. Nothing is needed from you."),
        None,
    ),
    S.AWAITING_IDENTITY: (
        _("Next: the person confirms the address"),
        _("A code went to the address that was typed. Nothing is searched before it comes back."),
        None,
    ),
    S.IN_REVIEW: (
        _("Next: read the plan and let the search begin"),
        _("The person has confirmed. The plan says which sources are asked, and what each is asked for."),
        Move.APPROVE,
    ),
    S.FULFILLING: (
        _("Next: the sources answer"),
        _("They are searched in parallel. When the last one is through, the findings can be reviewed."),
        None,
    ),
    S.CHECKING: (
        _("Next: review what was found"),
        _("Look through the findings and withhold what the law lets or makes us keep back."),
        Move.FINISH_REVIEW,
    ),
    S.PREPARING: (
        _("Next: the copy is put together"),
        _("This takes a moment and needs nobody. Then another person releases it."),
        None,
    ),
    S.AWAITING_RELEASE: (
        _("Next: a second person releases the copy"),
        _("The copy is complete. Whoever did not prepare it looks at what goes out, and to whom."),
        Move.RELEASE,
    ),
    S.READY: (
        _("Next: the person fetches the copy"),
        _(
            "They were told by mail. The request closes when the copy is fetched, or by itself after its last day. "
            "If something in it is wrong, take it back: another one is made."
        ),
        None,
    ),
    S.AWAITING_ANSWER: (
        _("Next: the person answers our question"),
        _("It was sent by mail and stands on the person's page. You can go on without an answer."),
        None,
    ),
    S.WEIGHING: (
        _("Next: weigh, then decide"),
        _(
            "What is disputed is restricted meanwhile. Write down what you weighed; the person reads your reason."
        ),
        Move.GRANT,
    ),
    S.AWAITING_APPROVAL: (
        _("Next: a second person approves the deletion"),
        _(
            "Whoever did not prepare it reads the dry run. Nothing is deleted before the waiting period is over."
        ),
        Move.APPROVE_DELETION,
    ),
    S.WAITING_PERIOD: (
        _("Next: the waiting period ends"),
        _("The person was told and can still stop it. Then the deletion begins by itself."),
        None,
    ),
    S.EXECUTING: (
        _("Next: every source does its part"),
        _("What a connector cannot do is a task for somebody. The request goes on when none is open."),
        None,
    ),
    S.VERIFYING: (
        _("Next: the second search ends"),
        _("Every source is searched once more, to see that what should be gone is gone."),
        None,
    ),
    S.CONFIRMING: (
        _("Next: check the result"),
        _("Look at what the second search found, then complete the request or have it carried out again."),
        Move.COMPLETE,
    ),
    S.IN_FORCE: (
        _("The restriction is in force"),
        _("It stays until it is lifted, and the person is told before that."),
        Move.ANNOUNCE_LIFTING,
    ),
    S.LIFTING_ANNOUNCED: (
        _("Next: the announced day comes"),
        _("The person knows why and when. Lift the restriction then, or keep it in force."),
        Move.LIFT,
    ),
    S.LIFTING: (
        _("Next: every source takes its flags away"),
        _("The request closes when no task is open."),
        None,
    ),
    S.FORWARDED: (_("This request was passed on"), _("The person was told who decides about it."), None),
    S.DUPLICATE: (
        _("This request is answered with another one"),
        _("The other request of this person goes on."),
        None,
    ),
    S.COMPLETED: (_("This request is answered"), _("The person was told what came of it."), None),
    S.REFUSED: (_("This request was refused"), _("The person was told why, and how to complain."), None),
    S.WITHDRAWN: (_("The person took this request back"), _("Nothing more happens to it."), None),
    S.LAPSED: (_("This request lapsed"), _("It was never confirmed, and the person was told."), None),
}

_FETCHED: Words = (_("This request is answered"), _("The person has fetched the copy."), None)
UNFETCHED: Words = (
    _("This request is answered"),
    _(
        "The copy was not fetched before its last day and is erased. The person was told how to have a new one."
    ),
    None,
)
# The demand rose meanwhile; by whether more proof is asked from here, or from the review.
LACKS_PROOF: dict[bool, Words] = {
    True: (
        _("Next: ask for more proof"),
        _(
            "What this case demands rose since the person was confirmed. Nothing is decided before it is proven."
        ),
        Move.ASK_MORE_PROOF,
    ),
    False: (
        _("Next: send it back, then ask for more proof"),
        _(
            "What this case demands rose since the person was confirmed. Nothing goes out before it is proven."
        ),
        Move.SEND_BACK,
    ),
}
_ANSWER: Words = (
    _("Next: look into it, then answer"),
    _("Ask whoever knows, decide, and write the answer. The person reads your words."),
    Move.ANSWER,
)
_AT_ONCE: Words = (
    _("Next: carry it out"),
    _(
        "There is nothing to weigh: the person need not say why. It did not begin by itself, so begin it here."
    ),
    Move.GRANT,
)
# What a right does differently from the others in the same state.
OF_A_RIGHT: dict[tuple[str, RequestState], Words] = {
    ("access", S.COMPLETED): _FETCHED,
    ("portability", S.COMPLETED): _FETCHED,
    ("confirmation", S.COMPLETED): _FETCHED,
    ("third_party_list", S.COMPLETED): _FETCHED,
    ("deletion", S.IN_REVIEW): (
        _("Next: read the plan and let the dry run begin"),
        _("Every source is searched as for a copy. Nothing is changed, and the person is told nothing yet."),
        Move.APPROVE,
    ),
    ("deletion", S.FULFILLING): (
        _("Next: the dry run ends"),
        _("The sources are searched and nothing is changed. Then you see what would go and what must stay."),
        None,
    ),
    ("deletion", S.CHECKING): (
        _("Next: decide what goes and what must stay"),
        _("Read the dry run, keep what the law makes us keep, then propose the deletion to a second person."),
        Move.PROPOSE_DELETION,
    ),
    ("correction", S.IN_REVIEW): (
        _("Next: take up the correction"),
        _("Read what the person says is wrong. While you check it, the disputed fields are restricted."),
        Move.WEIGH,
    ),
    ("objection", S.IN_REVIEW): (
        _("Next: take up the objection"),
        _(
            "While you weigh it, the information is not used for this. Objections to marketing are not weighed."
        ),
        Move.WEIGH,
    ),
    ("automated_decision", S.IN_REVIEW): (
        _("Next: a person takes up the decision"),
        _("Somebody who may change it looks at the decision and hears the person's view."),
        Move.WEIGH,
    ),
    ("automated_decision", S.WEIGHING): (
        _("Next: decide yourself"),
        _("Change the decision, or let it stand and say why. The person reads your reason."),
        Move.GRANT,
    ),
    ("restriction", S.IN_REVIEW): (
        _("Next: see whether a ground of the law holds"),
        _("If one does, every source flags the information and leaves it alone until you lift it."),
        Move.GRANT,
    ),
    ("restriction", S.COMPLETED): (
        _("The restriction has ended"),
        _("Every source uses the information again, and the person was told before."),
        None,
    ),
    ("withdraw_consent", S.IN_REVIEW): _AT_ONCE,
    ("opt_out_sale_share", S.IN_REVIEW): _AT_ONCE,
    ("limit_sensitive", S.IN_REVIEW): _AT_ONCE,
    ("complaint", S.IN_REVIEW): _ANSWER,
    ("grievance", S.IN_REVIEW): _ANSWER,
    ("nominate", S.IN_REVIEW): (
        _("Next: record who was named"),
        _("Check that the person named can be reached and agrees, note it, and answer."),
        Move.ANSWER,
    ),
    ("appeal", S.IN_REVIEW): (
        _("Next: somebody new takes up the appeal"),
        _("Whoever took part in the first decision cannot decide again."),
        Move.WEIGH,
    ),
    ("appeal", S.WEIGHING): (
        _("Next: decide again"),
        _("Uphold the appeal, and the first request is taken up again; or refuse it on a ground of the law."),
        Move.UPHOLD_APPEAL,
    ),
    ("appeal", S.REFUSED): (
        _("The first decision stands"),
        _("The person was told why, and which authority can look at it next."),
        None,
    ),
    ("appeal", S.COMPLETED): (
        _("The appeal was upheld"),
        _("The first request goes on as a new one that follows from this."),
        None,
    ),
}


def next_words(right: str, state: RequestState) -> Words:
    """Return what is next, why, and the move that takes the case on where a person makes it."""
    return OF_A_RIGHT.get((right, state)) or NEXT[state]
