"""The steps of a walk in which people decide, and sources change something by hand."""

from datetime import timedelta

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector import carry
from fulfillment.changes.by_connector.decide import take_over
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.changes.read_backs.decide import let_stand
from fulfillment.changes.read_backs.look import read_back
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from fulfillment.changes.rehearsals.look import hand_to_a_person, look_beforehand
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.changes.selectors import work_of
from omne_dsar.demo.walk import Walk
from requests_app.audit.actors import Actor
from requests_app.deadlines.events import Topic
from requests_app.decisions.appeal import open_appeal
from requests_app.decisions.ask import Asking, ask_person
from requests_app.decisions.balancing import Balance, weigh_purposes
from requests_app.decisions.correction import ACCEPT, FieldDecision, decide_fields, grant_correction
from requests_app.decisions.deletion import approve_deletion
from requests_app.decisions.forward import pass_on
from requests_app.decisions.lifting import announce_lifting, earliest_lifting, grant_restriction
from requests_app.intake.submit import SubjectDetails, submit_request
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import Channel, Outcome
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import Correction, Objection, Restriction
from requests_app.lifecycle.related import possible_duplicates
from requests_app.lifecycle.weighed import Verdict


def weigh(walk: Walk) -> None:
    """Somebody begins to weigh; what is disputed is restricted meanwhile."""
    walk.move(Move.WEIGH)


def carry_out(walk: Walk) -> None:
    """Every source does its part, by itself where it can and by hand where it cannot, and the request moves on."""
    asked = ChangeTask.objects.filter(subject_request=walk.subject_request)
    for row_id in work_of(asked):
        carry.carry_out(row_id=row_id, at=walk.later())
    finish_changes(subject_request_id=walk.subject_request.pk, at=walk.later())
    still_open = ChangeTask.objects.filter(subject_request=walk.subject_request, state=ChangeState.OPEN)
    for task in still_open.order_by("pk"):
        if task.hand == Hand.CONNECTOR:
            # The help desk fails now and then, on purpose.
            take_over(change_id=task.pk, by=walk.lead, at=walk.later())
        # The one whose deletion is finished is known to no source.
        changed = 0 if task.kind == ChangeKind.ERASE else 2
        ending = Ending(ChangeState.DONE, "Done by hand.", records_changed=changed, recipients_told=True)
        end_change(task_id=task.pk, ending=ending, by=walk.lead, at=walk.later())
    read_changes_back(walk)
    walk.look_again()


def read_changes_back(walk: Walk) -> None:
    """Each change is read back; where a hand changed nothing in the demo's systems, the lead lets that stand."""
    looks = ReadBackWork.objects.filter(change__subject_request=walk.subject_request)
    for row in looks.filter(work_state=WorkState.WAITING, occasion=Occasion.AT_ONCE):
        found = read_back(row_id=row.pk, at=walk.later())
        if found is None or found.is_open_question:
            # The help desk fails now and then, on purpose, and nobody waits here until it answers again.
            looks.filter(pk=row.pk, work_state=WorkState.WAITING).update(
                work_state=WorkState.DEAD, last_error="The source did not answer."
            )
            why = "Seen in the system itself: it is as decided."
            let_stand(row_id=row.pk, why=why, by=walk.lead, at=walk.later())
    finish_changes(subject_request_id=walk.subject_request.pk, at=walk.later())


def accept_fields(walk: Walk) -> None:
    """Every field is accepted."""
    numbers = range(1, len(Correction.of(walk.subject_request).fields) + 1)
    by = Actor.staff(walk.worker)
    key = walk.subject_request.pk
    decisions = [FieldDecision(number, ACCEPT) for number in numbers]
    decide_fields(subject_request_id=key, decisions=decisions, by=by, at=walk.later())
    grant_correction(subject_request_id=key, by=by, at=walk.later())
    walk.look_again()


def balance_one(walk: Walk) -> None:
    """The first of the purposes is weighed, and the person's side weighs more."""
    balance = Balance(
        item=Objection.of(walk.subject_request).purposes[0],
        our_side="We learn which parts of the product are used.",
        their_side="Their employer could see from it when they worked.",
        conclusion="We can learn the same from figures that name nobody.",
        verdict=Verdict.FOR_PERSON,
    )
    by = Actor.staff(walk.worker)
    weigh_purposes(subject_request_id=walk.subject_request.pk, balances=[balance], by=by, at=walk.later())
    walk.look_again()


def restrict(walk: Walk) -> None:
    """The ground that the person named holds."""
    said = Restriction.of(walk.subject_request)
    grant_restriction(
        subject_request_id=walk.subject_request.pk,
        ground=said.ground,
        what=said.what,
        by=Actor.staff(walk.worker),
        at=walk.later(),
    )
    walk.look_again()


def announce_the_lifting(walk: Walk) -> None:
    """The reason is gone; the person is told before it ends."""
    at = walk.later()
    walk.subject_request = announce_lifting(
        subject_request=walk.subject_request,
        on=earliest_lifting(walk.subject_request, at=at) + timedelta(days=30),
        reason="The address is checked and right.",
        by=Actor.staff(walk.worker),
        at=at,
    )


def propose_deletion(walk: Walk) -> None:
    """The dry run is read, with what each source says it would do."""
    for row in Rehearsal.objects.filter(subject_request=walk.subject_request, work_state=WorkState.WAITING):
        look_beforehand(row_id=row.pk, at=walk.later())
    walk.move(Move.PROPOSE_DELETION)


def agree_to_deletion(walk: Walk) -> None:
    """A second person types the reference; the waiting period begins."""
    for row in Rehearsal.objects.filter(subject_request=walk.subject_request):
        if row.in_the_way:
            hand_to_a_person(row_id=row.pk, by=Actor.staff(walk.worker), at=walk.later())
    walk.subject_request = approve_deletion(
        subject_request_id=walk.subject_request.pk,
        typed_reference=walk.subject_request.reference,
        by=walk.approver,
        at=walk.later(),
    )


def wait_and_begin(walk: Walk) -> None:
    """Nobody stopped it, and the waiting period is over."""
    if walk.subject_request.waits_until is not None:
        walk.at = walk.subject_request.waits_until
    begin_deletion(subject_request_id=walk.subject_request.pk, at=walk.later())
    walk.look_again()


def complete(walk: Walk) -> None:
    """The second search found nothing that should be gone."""
    walk.subject_request = complete_deletion(
        subject_request_id=walk.subject_request.pk, reason="", by=Actor.staff(walk.worker), at=walk.later()
    )


def ask(walk: Walk) -> None:
    """Something only the person can say is missing."""
    asking = Asking(Topic.CLARIFICATION, "You have two accounts with us. Which one do you mean, or both?")
    walk.subject_request = ask_person(
        subject_request_id=walk.subject_request.pk,
        asking=asking,
        by=Actor.staff(walk.worker),
        at=walk.later(),
    )


def appeal(walk: Walk) -> None:
    """The person does not agree; from here on the walk is that of the appeal."""
    by = Actor.subject(walk.subject_request.reference)
    words = "The address is mine and not my employer's. Please look again."
    walk.subject_request = open_appeal(
        subject_request_id=walk.subject_request.pk, reason=words, by=by, at=walk.later()
    )


def answer(walk: Walk) -> None:
    """What went wrong is looked into, and answered."""
    words = "Your message was overlooked. We are sorry, and have changed how we hand over."
    walk.move(Move.ANSWER, reason=words, outcome=Outcome.GRANTED)


def forward(walk: Walk) -> None:
    """We only process these data for the person's employer."""
    walk.subject_request = pass_on(
        subject_request_id=walk.subject_request.pk,
        name="Kestrel Ltd, data protection",
        contact="privacy@kestrel.example",
        reason="Your employer decides about the data in its own account.",
        by=Actor.staff(walk.worker),
        at=walk.later(),
    )


def ask_again(walk: Walk) -> None:
    """The person sends the same request once more; from here on the walk is that of the second one."""
    first = walk.subject_request
    walk.subject_request = submit_request(
        channel=Channel.WEB,
        right=first.right,
        subject=SubjectDetails(first.subject_name, first.subject_email),
        place=first.place,
        language=first.language,
        received_at=walk.later(),
        by=Actor.system("web form"),
    )


def join_with_the_first(walk: Walk) -> None:
    """The first request answers for the second."""
    (first, *_others) = possible_duplicates(walk.subject_request)
    walk.move(Move.JOIN, reason="Both ask for the same.", linked_to_id=first.pk)
