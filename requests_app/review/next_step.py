"""What a case needs next from the one who looks at it: one act, the others, and why not the rest."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.selectors import AvailableMove, moves_available_to
from requests_app.lifecycle.states import RequestState
from requests_app.review.navigation import hint_for, page_of

S = RequestState
# (what is next, why); the move that takes the case on, where a person makes it
NEXT: dict[RequestState, tuple[str | Promise, str | Promise, Move | None]] = {
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
        _("They were told by mail. The request closes when the copy is fetched."),
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
    S.COMPLETED: (_("This request is answered"), _("The person has fetched the copy."), None),
    S.REFUSED: (_("This request was refused"), _("The person was told why, and how to complain."), None),
    S.WITHDRAWN: (_("The person took this request back"), _("Nothing more happens to it."), None),
    S.LAPSED: (_("This request lapsed"), _("It was never confirmed, and the person was told."), None),
}


@dataclass(frozen=True)
class Act:
    """One thing that can be done: the words of its button, and where it is done."""

    label: str
    url: str
    is_harmful: bool = False


@dataclass(frozen=True)
class NextStep:
    """The box that tells the reader their part of the story."""

    title: str
    text: str
    main: Act | None
    others: tuple[Act, ...]
    cannot: tuple[AvailableMove, ...]


def next_step(subject_request: SubjectRequest, member: StaffMember) -> NextStep:
    """Return what this person can do now, and for the rest the sentence that says why not."""
    title, text, wanted = NEXT[RequestState(subject_request.state)]
    available = moves_available_to(subject_request, Actor.staff(member))
    allowed = [each for each in available if each.allowed]
    main = next((each for each in allowed if each.move is wanted), None)
    others = tuple(_act(each, subject_request) for each in allowed if each is not main)
    cannot = tuple(each for each in available if not each.allowed)
    hint = hint_for(subject_request)
    if hint is not None:
        return NextStep(hint.title, hint.text, Act(hint.label, hint.url), others, cannot)
    return NextStep(str(title), str(text), _act(main, subject_request) if main else None, others, cannot)


def _act(available: AvailableMove, subject_request: SubjectRequest) -> Act:
    page = page_of(available.move)
    if page is not None:
        url = reverse(page.url_name, args=[subject_request.reference])
        return Act(str(page.label), url, available.facts.is_harmful)
    url = reverse("review:move", args=[subject_request.reference, available.move.value])
    return Act(str(available.move.label), url, available.facts.is_harmful)
