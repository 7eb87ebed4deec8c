"""Entering a state in which sources change writes down what each is to change; leaving it takes back what is open."""

import pytest

from fulfillment.changes.hands import by_hand
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.changes.start import start_changes
from requests_app.audit.actors import Actor
from requests_app.decisions.balancing import Balance, finish_objection, weigh_purposes
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.weighed import Verdict
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.shop import connect, end, end_all, fresh
from tests.weighing import decide_for_the_person

pytestmark = pytest.mark.django_db


def _kinds(subject_request: SubjectRequest, state: str) -> list[str]:
    found = ChangeTask.objects.filter(subject_request=subject_request, state=state)
    return sorted(found.values_list("kind", flat=True))


def _rosa(subject_request: SubjectRequest, move: Move, **given: object) -> None:
    perform(
        subject_request_id=subject_request.pk,
        move=move,
        by=Actor.staff(rosa()),
        at=NOON,
        reason="Because.",
        given=given or None,
    )


@pytest.mark.parametrize(
    ("right", "kind"),
    [
        ("restriction", ChangeKind.RESTRICT),
        ("withdraw_consent", ChangeKind.SUPPRESS),
        ("correction", ChangeKind.CORRECT),
        ("automated_decision", ChangeKind.CORRECT),
    ],
)
def test_a_granted_request_asks_for_its_operation(right: str, kind: ChangeKind) -> None:
    asked = a_request_in(S.IN_REVIEW, right=right)
    if right in ("correction", "automated_decision"):
        _rosa(asked, Move.WEIGH)
        decide_for_the_person(fresh(asked))
    if fresh(asked).state != S.EXECUTING:
        _rosa(asked, Move.GRANT, **({"ground": "accuracy"} if right == "restriction" else {}))
    assert fresh(asked).state == S.EXECUTING
    assert kind in _kinds(asked, "open")


def test_without_any_source_the_privacy_team_has_the_task_and_the_page_says_so() -> None:
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    assert task.source is None
    assert by_hand(task) == "No source can do this by itself: the privacy team sees to it."


def test_a_source_that_cannot_change_itself_says_who_does_it_by_hand() -> None:
    connect(label="Omne ERP")
    asked = a_request_in(S.EXECUTING)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    assert by_hand(task) == "Omne ERP cannot do this by itself yet: The shop team does it by hand."
    assert [each.name for each in task.instructions.collections] == ["people", "invoices"]


def test_only_sources_that_use_data_for_the_purpose_are_asked() -> None:
    connect()
    asked = a_request_in(S.IN_REVIEW, right="objection")
    asked.particulars = {"purposes": ["marketing"]}
    asked.save(update_fields=["particulars"])
    perform(subject_request_id=asked.pk, move=Move.ACT_AT_ONCE, by=SYSTEM, at=NOON)
    (task,) = ChangeTask.objects.filter(subject_request=asked, kind=ChangeKind.SUPPRESS)
    assert [each.name for each in task.instructions.collections] == ["people"]
    assert task.instructions.purposes == ("marketing",)


def test_what_is_disputed_is_restricted_while_it_is_weighed_and_used_again_afterwards() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    (meanwhile,) = ChangeTask.objects.filter(subject_request=asked)
    assert meanwhile.kind == ChangeKind.RESTRICT_MEANWHILE
    end(meanwhile)
    assert fresh(asked).state == S.WEIGHING
    decide_for_the_person(fresh(asked))
    _rosa(asked, Move.GRANT)
    assert _kinds(asked, "open") == ["correct", "lift_meanwhile"]


def test_a_restriction_that_nobody_carried_out_is_only_called_off() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    _rosa(asked, Move.REFUSE, code="manifestly_unfounded")
    assert _kinds(asked, "cancelled") == ["restrict_meanwhile"]
    assert _kinds(asked, "open") == []


def test_a_closed_request_still_has_its_restriction_lifted() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    end(ChangeTask.objects.get(subject_request=asked))
    _rosa(asked, Move.REFUSE, code="manifestly_unfounded")
    assert _kinds(asked, "open") == ["lift_meanwhile"]
    end_all(asked)
    assert fresh(asked).state == S.REFUSED


def test_a_granted_objection_stays_as_it_is_until_the_use_stops_for_good() -> None:
    connect()
    asked = a_request_in(S.WEIGHING, right="objection")
    end(ChangeTask.objects.get(subject_request=asked))
    decide_for_the_person(fresh(asked))
    _rosa(asked, Move.GRANT)
    assert _kinds(asked, "open") == ["suppress"]


def test_of_an_objection_granted_in_part_the_lost_purpose_is_used_again_and_the_won_one_stops() -> None:
    connect()
    asked = a_request_in(S.WEIGHING, right="objection")
    asked.particulars = {"purposes": ["provide_services", "marketing"]}
    asked.save(update_fields=["particulars"])
    start_changes(subject_request=asked, kind=ChangeKind.RESTRICT_MEANWHILE, by=SYSTEM, at=NOON)
    end(ChangeTask.objects.get(subject_request=asked, state="open"))
    lost = Balance("provide_services", "a", "b", "c", Verdict.FOR_US, "compelling_grounds")
    by = Actor.staff(rosa())
    weigh_purposes(subject_request_id=asked.pk, balances=[lost], by=by, at=NOON)
    finish_objection(subject_request_id=asked.pk, by=by, at=NOON)
    stops, again = (
        ChangeTask.objects.get(subject_request=asked, kind=kind, state="open")
        for kind in (ChangeKind.SUPPRESS, ChangeKind.LIFT_MEANWHILE)
    )
    assert stops.instructions.purposes == ("marketing",)
    assert again.instructions.purposes == ("provide_services",)
    end_all(asked)
    assert (fresh(asked).state, fresh(asked).outcome) == (S.COMPLETED, "partly")


def test_what_a_reviewed_decision_becomes_is_what_somebody_is_told_to_do() -> None:
    asked = a_request_in(S.WEIGHING, right="automated_decision")
    decide_for_the_person(asked)
    _rosa(asked, Move.GRANT)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    assert task.instructions.wish == "Open the account again."


def test_withdrawing_takes_back_what_is_open() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=NOON)
    assert not ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN).exists()


def test_lifting_asks_only_where_something_was_restricted() -> None:
    connect("shop"), connect("archive", label="Archive")
    asked = a_request_in(S.EXECUTING)
    done, refused = ChangeTask.objects.filter(subject_request=asked).order_by("source__key")[::-1]
    end(done)
    end(refused, ChangeState.COULD_NOT)
    assert fresh(asked).state == S.IN_FORCE
    assert fresh(asked).outcome == "partly"
    _rosa(asked, Move.ANNOUNCE_LIFTING, waits_until=NOON)
    _rosa(asked, Move.LIFT)
    (lifting,) = ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN)
    assert (lifting.kind, lifting.source_id) == (ChangeKind.LIFT_RESTRICTION, done.source_id)
    end(lifting)
    assert fresh(asked).state == S.COMPLETED
