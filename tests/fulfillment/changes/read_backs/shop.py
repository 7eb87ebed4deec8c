"""A shop that makes decided changes by itself, and what a worker does with the looks that follow."""

from fulfillment.changes.by_connector.carry import carry_out
from fulfillment.changes.by_connector.decide import pick_fields
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import Pick
from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from fulfillment.changes.read_backs.look import read_back
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import MARKETING
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, rosa
from tests.fulfillment.changes.by_connector.shop import ANN, LATER, work
from tests.fulfillment.changes.shop import fresh, read_changes_back

# Only the people of the shop can be restricted, corrected and left alone; nobody is asked for the rest.
PEOPLE_ONLY = {name: {"rights": ["access", "deletion"]} for name in ("places", "invoices", "visits")}


def restricting() -> SubjectRequest:
    """Ann's restriction, made by the shop."""
    return work(a_request_in(S.EXECUTING, right="restriction", email=ANN))


def objecting() -> SubjectRequest:
    """Ann's objection to marketing, which acts at once, made by the shop."""
    said = {"purposes": [MARKETING]}
    return work(a_request_in(S.EXECUTING, right="objection", email=ANN, particulars=said))


def correcting(wrong: str = "030 1", right: str = "030 9", *, name: str = "phone") -> SubjectRequest:
    """Ann's correction of one field, picked by a person and made by the shop; what was disputed is used again."""
    asked = a_request_in(S.WEIGHING, right="correction", email=ANN)
    said = {"field": name, "wrong": wrong, "right": right, "decision": "accept"}
    asked.particulars = {"fields": [said]}
    asked.save(update_fields=["particulars"])
    perform(subject_request_id=asked.pk, move=Move.GRANT, by=Actor.staff(rosa()), at=NOON)
    ChangeTask.objects.filter(subject_request=asked).exclude(kind="correct").update(
        state=ChangeState.CANCELLED, ended_at=NOON
    )
    row = SourceChange.objects.get(change__subject_request=asked, change__kind="correct")
    assert carry_out(row_id=row.pk, at=LATER) is None
    picked = [Pick(0, "people", name, wrong, right)]
    pick_fields(change_id=row.change_id, picked=picked, by=Actor.staff(rosa()), at=LATER)
    assert carry_out(row_id=row.pk, at=LATER) is not None
    return fresh(asked)


def look(asked: SubjectRequest) -> SubjectRequest:
    """What a worker does with every look that is due."""
    read_changes_back(asked, at=LATER)
    return fresh(asked)


def days_go_by(asked: SubjectRequest) -> ReadBackWork:
    """The day of the second look has come, and a worker takes it."""
    row = ReadBackWork.objects.get(
        change__subject_request=asked, occasion=Occasion.LATER, work_state=WorkState.WAITING
    )
    ReadBackWork.objects.filter(pk=row.pk).update(next_attempt_at=NOON)
    done = read_back(row_id=row.pk, at=LATER)
    assert done is not None
    return done


def the_look(asked: SubjectRequest) -> ReadBackWork:
    """The newest look of a request."""
    return ReadBackWork.objects.filter(change__subject_request=asked).order_by("created_at", "number").last()  # type: ignore[return-value]


def asked_of_a_person(asked: SubjectRequest) -> ChangeTask:
    """What a look has asked of a person."""
    return ChangeTask.objects.get(subject_request=asked, state=ChangeState.OPEN, hand=Hand.PERSON)
