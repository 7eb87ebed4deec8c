"""What staff write down before a weighed request may be granted."""

from requests_app.audit.actors import Actor
from requests_app.decisions.balancing import Balance, name_purposes, weigh_purposes
from requests_app.decisions.correction import FieldDecision, decide_fields, name_fields
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import MARKETING, Correction, FieldToCorrect, Objection
from requests_app.lifecycle.weighed import THE_DECISION, Verdict, Weighed
from tests.factories import rosa


def decide_for_the_person(asked: SubjectRequest) -> SubjectRequest:
    """Decide every part of a request that is being weighed for the person; parts that nobody named get a name."""
    by, at = Actor.staff(rosa()), asked.state_since
    if asked.right == "correction":
        if not Correction.of(asked).fields:
            named = [FieldToCorrect(field="Street", wrong="Old Road 1", right="New Road 2")]
            asked = name_fields(subject_request_id=asked.pk, fields=named, by=by, at=at)
        numbers = range(1, len(Correction.of(asked).fields) + 1)
        decisions = [FieldDecision(number, "accept") for number in numbers]
        return decide_fields(subject_request_id=asked.pk, decisions=decisions, by=by, at=at)
    if asked.right == "objection":
        if not Objection.of(asked).purposes:
            asked = name_purposes(subject_request_id=asked.pk, purposes=["research"], by=by, at=at)
        balances = [
            Balance(each, "Ours.", "Theirs.", "Theirs weighs more.", Verdict.FOR_PERSON)
            for each in Objection.of(asked).purposes
            if each != MARKETING
        ]
        return weigh_purposes(subject_request_id=asked.pk, balances=balances, by=by, at=at)
    if asked.right == "automated_decision":
        Weighed.objects.create(
            subject_request=asked,
            item=THE_DECISION,
            our_side="A score.",
            their_side="A mistake.",
            conclusion="The score was wrong.",
            change="Open the account again.",
            verdict=Verdict.FOR_PERSON,
            weighed_by_id=by.key,
            weighed_at=at,
        )
    return asked
