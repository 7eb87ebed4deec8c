"""The moves between states: the words on their buttons, what they lead to, who may make them."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.audit.actors import ActorKind
from requests_app.roles import Permission


class Move(models.TextChoices):
    """The name of every transition; the label is its button."""

    ASK_IDENTITY = "ask_identity", _("Ask the person to confirm")
    CONFIRM_IDENTITY = "confirm_identity", _("Confirm the identity")
    APPROVE = "approve", _("Approve the search")
    FINISH_SEARCH = "finish_search", _("Finish the search")
    SEARCH_AGAIN = "search_again", _("Search again")
    FINISH_REVIEW = "finish_review", _("Finish the review")
    BUNDLE_BUILT = "bundle_built", _("Hand the copy to the approver")
    SEND_BACK = "send_back", _("Send back to review")
    RELEASE = "release", _("Release the copy")
    DELIVER = "deliver", _("Record the delivery")
    REFUSE = "refuse", _("Refuse the request")
    WITHDRAW = "withdraw", _("Withdraw the request")
    LAPSE = "lapse", _("Close as never confirmed")


@dataclass(frozen=True)
class MoveFacts:
    """What a confirm page says about a move, and who may make it.

    `kinds` are the sorts of actor, `permission` what a member of staff must be allowed. `event` is the name in the
    audit log. `needs_reason` asks for words, `is_harmful` draws the button in red.
    """

    event: str
    consequence: Promise
    kinds: frozenset[ActorKind]
    permission: Permission | None = None
    needs_reason: bool = False
    is_harmful: bool = False


SYSTEM = frozenset({ActorKind.SYSTEM})
STAFF = frozenset({ActorKind.STAFF})

FACTS: dict[Move, MoveFacts] = {
    Move.ASK_IDENTITY: MoveFacts(
        "request.identity_asked", _("A code goes to the address that the person gave."), SYSTEM
    ),
    Move.CONFIRM_IDENTITY: MoveFacts(
        "request.identity_confirmed",
        _("The request goes to the privacy team."),
        SYSTEM | {ActorKind.SUBJECT},
    ),
    Move.APPROVE: MoveFacts(
        "request.approved",
        _("Every source in the plan is searched at once. Nothing leaves the house yet."),
        STAFF,
        Permission.WORK_CASES,
    ),
    Move.FINISH_SEARCH: MoveFacts("request.search_finished", _("The findings can be reviewed."), SYSTEM),
    Move.SEARCH_AGAIN: MoveFacts(
        "request.search_repeated",
        _("All sources are searched once more. The findings so far are replaced."),
        STAFF,
        Permission.WORK_CASES,
        needs_reason=True,
    ),
    Move.FINISH_REVIEW: MoveFacts(
        "request.review_finished",
        _("The copy is put together from what you include. Another person then releases it."),
        STAFF,
        Permission.WORK_CASES,
    ),
    Move.BUNDLE_BUILT: MoveFacts("request.bundle_built", _("The copy waits for a second person."), SYSTEM),
    Move.SEND_BACK: MoveFacts(
        "request.sent_back",
        _("The findings are open for review again. The copy that was built is discarded."),
        STAFF,
        Permission.SEE_FINDINGS,
        needs_reason=True,
    ),
    Move.RELEASE: MoveFacts(
        "request.released",
        _("The person is told, and can download the copy with a fresh code."),
        STAFF,
        Permission.RELEASE,
    ),
    Move.DELIVER: MoveFacts(
        "request.completed", _("The request is answered and closed."), SYSTEM | {ActorKind.SUBJECT}
    ),
    Move.REFUSE: MoveFacts(
        "request.refused",
        _("The person is told, with the reason and how to complain. The request is closed."),
        STAFF,
        Permission.WORK_CASES,
        needs_reason=True,
        is_harmful=True,
    ),
    Move.WITHDRAW: MoveFacts(
        "request.withdrawn",
        _("We stop working on the request. You can always make a new one."),
        frozenset({ActorKind.SUBJECT}),
    ),
    Move.LAPSE: MoveFacts(
        "request.lapsed",
        _("The person is told that the request is closed, since nobody confirmed it."),
        SYSTEM,
    ),
}
