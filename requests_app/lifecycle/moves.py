"""The moves between states, and what is said of each: its button, its consequence, who may make it."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.audit.actors import ActorKind
from requests_app.roles import Permission


class Move(models.TextChoices):
    """The name of every transition; the label is its button. Their order is the order of the buttons."""

    ASK_IDENTITY = "ask_identity", _("Ask the person to confirm")
    TAKE_IN = "take_in", _("Take the request in")
    ADD_PROOF = "add_proof", _("Accept a proof")
    CONFIRM_IDENTITY = "confirm_identity", _("Confirm the identity")
    LESSEN = "lessen", _("Give the lesser answer")
    ACT_AT_ONCE = "act_at_once", _("Act at once")
    APPROVE = "approve", _("Approve the search")
    FINISH_SEARCH = "finish_search", _("Finish the search")
    FINISH_REVIEW = "finish_review", _("Finish the review")
    PROPOSE_DELETION = "propose_deletion", _("Propose the deletion")
    SEARCH_AGAIN = "search_again", _("Search again")
    BUNDLE_BUILT = "bundle_built", _("Hand the copy to the approver")
    RELEASE = "release", _("Release the copy")
    APPROVE_DELETION = "approve_deletion", _("Approve the deletion")
    SEND_BACK = "send_back", _("Send back to review")
    DELIVER = "deliver", _("Record the delivery")
    TAKE_BACK = "take_back", _("Take the copy back")
    CLOSE_UNFETCHED = "close_unfetched", _("Close with the copy not fetched")
    WEIGH = "weigh", _("Begin to weigh the request")
    GRANT = "grant", _("Grant the request")
    LET_STAND = "let_stand", _("Let the decision stand")
    UPHOLD_APPEAL = "uphold_appeal", _("Uphold the appeal")
    ANSWER = "answer", _("Record the answer")
    BEGIN_EXECUTION = "begin_execution", _("Begin the deletion")
    FINISH_EXECUTION = "finish_execution", _("Finish carrying it out")
    FINISH_VERIFICATION = "finish_verification", _("Finish the second search")
    COMPLETE = "complete", _("Complete the request")
    CARRY_OUT_AGAIN = "carry_out_again", _("Carry it out again")
    ANNOUNCE_LIFTING = "announce_lifting", _("Announce that the restriction is lifted")
    KEEP_IN_FORCE = "keep_in_force", _("Keep the restriction in force")
    LIFT = "lift", _("Lift the restriction")
    FINISH_LIFTING = "finish_lifting", _("Finish the lifting")
    ASK_MORE_PROOF = "ask_more_proof", _("Ask for more proof")
    ASK_PERSON = "ask_person", _("Ask the person a question")
    TAKE_ANSWER = "take_answer", _("Go on with the request")
    FORWARD = "forward", _("Pass on to the controller")
    JOIN = "join", _("Join with another request")
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
SUBJECT = frozenset({ActorKind.SUBJECT})


def by_system(event: str, consequence: Promise) -> MoveFacts:
    """A move that follows by itself."""
    return MoveFacts(f"request.{event}", consequence, SYSTEM)


def by_staff(
    event: str,
    consequence: Promise,
    permission: Permission = Permission.WORK_CASES,
    *,
    needs_reason: bool = False,
    is_harmful: bool = False,
    also: frozenset[ActorKind] = frozenset(),
) -> MoveFacts:
    """A move that a member of staff makes; `also` names the other sorts of actor who may."""
    return MoveFacts(f"request.{event}", consequence, STAFF | also, permission, needs_reason, is_harmful)


FACTS: dict[Move, MoveFacts] = {
    Move.ASK_IDENTITY: by_system("identity_asked", _("A code goes to the address that the person gave.")),
    Move.TAKE_IN: by_system("taken_in", _("The request goes to the privacy team.")),
    Move.ADD_PROOF: MoveFacts(
        "request.proof_added",
        _("The proof counts; if it is enough, the request goes to the privacy team."),
        SYSTEM | SUBJECT | STAFF,
        Permission.WORK_CASES,
    ),
    Move.CONFIRM_IDENTITY: MoveFacts(
        "request.identity_confirmed",
        _("The request goes to the privacy team."),
        SYSTEM | SUBJECT | STAFF,
        Permission.WORK_CASES,
    ),
    Move.LESSEN: by_staff(
        "lessened",
        _(
            "The proof is not enough for everything: the person gets the lesser answer that the law gives then."
        ),
        also=SYSTEM,
    ),
    Move.ACT_AT_ONCE: by_system("acted_at_once", _("Every source that is concerned is asked to act now.")),
    Move.APPROVE: by_staff(
        "approved", _("Every source in the plan is searched at once. Nothing leaves the house yet.")
    ),
    Move.FINISH_SEARCH: by_system("search_finished", _("The findings can be reviewed.")),
    Move.SEARCH_AGAIN: by_staff(
        "search_repeated",
        _("All sources are searched once more. The findings so far are replaced."),
        needs_reason=True,
    ),
    Move.FINISH_REVIEW: by_staff(
        "review_finished",
        _("The copy is put together from what you include. Another person then releases it."),
    ),
    Move.PROPOSE_DELETION: by_staff(
        "deletion_proposed", _("Another person reads the dry run and approves it. Nothing is deleted yet.")
    ),
    Move.BUNDLE_BUILT: by_system("bundle_built", _("The copy waits for a second person.")),
    Move.SEND_BACK: by_staff(
        "sent_back",
        _("The findings are open for review again. A copy that was built is discarded."),
        Permission.SEE_FINDINGS,
        needs_reason=True,
    ),
    Move.RELEASE: by_staff(
        "released",
        _("The person is told, and can download the copy with a fresh code."),
        Permission.RELEASE,
    ),
    Move.APPROVE_DELETION: by_staff(
        "deletion_approved",
        _("The person is told and can stop it until the waiting period ends. Then it cannot be undone."),
        Permission.RELEASE,
        is_harmful=True,
    ),
    Move.DELIVER: MoveFacts("request.completed", _("The request is answered and closed."), SYSTEM | SUBJECT),
    Move.TAKE_BACK: by_staff(
        "copy_taken_back",
        _(
            "Nobody can fetch the copy any more, and the person is told. The findings are open for review again, and "
            "the clock runs."
        ),
        Permission.SEE_FINDINGS,
        needs_reason=True,
    ),
    Move.CLOSE_UNFETCHED: by_system(
        "closed_unfetched", _("The person is told that the copy is erased, and how to have a new one.")
    ),
    Move.WEIGH: by_staff(
        "weighing_begun", _("What is disputed is restricted in every source until the decision.")
    ),
    Move.GRANT: by_staff("granted", _("Every source that is concerned is asked to act now.")),
    Move.LET_STAND: by_staff(
        "decision_stands",
        _("The person is told why a person comes to the same decision. The request is closed."),
        needs_reason=True,
    ),
    Move.UPHOLD_APPEAL: by_staff(
        "appeal_upheld",
        _("The person is told, and the request that was refused is opened again."),
        needs_reason=True,
    ),
    Move.ANSWER: by_staff(
        "answered", _("The person is told your answer. The request is closed."), needs_reason=True
    ),
    Move.BEGIN_EXECUTION: by_system("execution_begun", _("Every source erases now. This cannot be undone.")),
    Move.FINISH_EXECUTION: by_system("execution_finished", _("No task is open any more.")),
    Move.FINISH_VERIFICATION: by_system("verification_finished", _("The result can be checked.")),
    Move.COMPLETE: by_staff("carried_out", _("The person is told what was done and what stays, and why.")),
    Move.CARRY_OUT_AGAIN: by_staff(
        "execution_repeated", _("Every source where something was left is asked again."), needs_reason=True
    ),
    Move.ANNOUNCE_LIFTING: by_staff(
        "lifting_announced",
        _("The person is told why and when. Nothing changes before that day."),
        needs_reason=True,
    ),
    Move.KEEP_IN_FORCE: by_staff(
        "kept_in_force", _("The person is told that the restriction stays."), needs_reason=True
    ),
    Move.LIFT: by_staff("lifted", _("Every source takes its flags away and uses the data again.")),
    Move.FINISH_LIFTING: by_system("lifting_finished", _("The request is closed.")),
    Move.ASK_MORE_PROOF: by_staff(
        "more_proof_asked",
        _(
            "The person is asked for more, with your reason. Whether the clock stops is for the law of the case."
        ),
        needs_reason=True,
    ),
    Move.ASK_PERSON: by_staff(
        "question_asked",
        _("The person is asked. Whether the clock stops is for the law of the case."),
        needs_reason=True,
    ),
    Move.TAKE_ANSWER: by_staff(
        "answer_taken", _("The request is in review again, and the clock runs."), also=SYSTEM | SUBJECT
    ),
    Move.FORWARD: by_staff(
        "forwarded",
        _("The person is told who decides about these data. The request is closed."),
        needs_reason=True,
    ),
    Move.JOIN: by_staff(
        "joined",
        _("The person is told that both are answered together. This request is closed, the other goes on."),
        needs_reason=True,
    ),
    Move.REFUSE: by_staff(
        "refused",
        _("The person is told, with the reason and how to complain. The request is closed."),
        needs_reason=True,
        is_harmful=True,
    ),
    Move.WITHDRAW: MoveFacts(
        "request.withdrawn",
        _("We stop working on the request. You can always make a new one."),
        SUBJECT,
    ),
    Move.LAPSE: by_system(
        "lapsed", _("The person is told that the request is closed, since nobody confirmed it.")
    ),
}
