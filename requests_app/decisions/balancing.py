"""Weigh an objection purpose by purpose, or review a machine's decision: what was weighed is written down and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.errors import NotBeingWeighed, WordsMissing
from requests_app.decisions.weighing import (
    joined_reasons,
    keep,
    locked_for_weighing,
    require_ground,
)
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import MARKETING, Objection, checked_particulars
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.weighed import THE_DECISION, Verdict, Weighed, purposes_that_stop
from requests_app.policy.company import COMPANY


@dataclass(frozen=True)
class Balance:
    """One balancing: both sides, whose weighs more, and why in words for the person.

    `ground` is the law's code where our side weighs more, `change` what becomes of a machine's decision.
    """

    item: str
    our_side: str
    their_side: str
    conclusion: str
    verdict: str
    ground: str = ""
    change: str = ""


def name_purposes(
    *,
    subject_request_id: UUID,
    purposes: Sequence[str],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Write down which purposes the person means, where the objection came in plain words. Raises WordsMissing."""
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        said = Objection.of(subject_request)
        if said.purposes:
            raise NotBeingWeighed("The purposes of this objection are named already.")
        if not purposes:
            raise WordsMissing("Name at least one purpose.")
        named = {"purposes": list(purposes), "reasons": said.reasons}
        subject_request.particulars = checked_particulars("objection", named)
        facts = {"number": len(purposes)}
        record(event="objection.purposes_named", target=subject_request, by=by, at=at, facts=facts)
        return keep(subject_request, "particulars")


def weigh_purposes(
    *,
    subject_request_id: UUID,
    balances: Sequence[Balance],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Write down the balancing of some purposes; a purpose weighed before is weighed anew, which is recorded.

    Raises WordsMissing, NotBeingWeighed, CaseChangedMeanwhile.
    """
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        purposes = Objection.of(subject_request).purposes
        for each in balances:
            if each.item not in purposes or each.item == MARKETING:
                raise WordsMissing("This request has no such purpose to weigh.")
            label = COMPANY.purpose(each.item).label
            _require_words(each, about=label)
            if each.verdict == Verdict.FOR_US:
                require_ground(subject_request, each.ground, about=label)
            facts = _write_down(subject_request, each, by=by, at=at)
            record(event="objection.purpose_weighed", target=subject_request, by=by, at=at, facts=facts)
        return keep(subject_request)


def finish_objection(
    *, subject_request_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> SubjectRequest:
    """Stop the purposes that the person won, or refuse when our side weighs more for all of them.

    Raises MoveNotAllowed while a purpose is not weighed.
    """
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        purposes = Objection.of(subject_request).purposes
        written = list(subject_request.weighed.all())
        lost = [each for each in written if each.verdict == Verdict.FOR_US]
        is_refused = bool(lost) and len(lost) == len(purposes) and not purposes_that_stop(subject_request)
        return perform(
            subject_request_id=subject_request_id,
            move=Move.REFUSE if is_refused else Move.GRANT,
            by=by,
            at=at,
            reason=joined_reasons([(COMPANY.purpose(each.item).label, each.conclusion) for each in written]),
            expected_version=expected_version,
            given={"code": lost[0].ground} if is_refused else None,
        )


def decide_review(
    *,
    subject_request_id: UUID,
    balance: Balance,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
    later: bool = False,
) -> SubjectRequest:
    """Write down what a person found about a machine's decision; it changes, or stands, now or `later`.

    Raises as `weigh_purposes`.
    """
    with transaction.atomic():
        subject_request = locked_for_weighing(subject_request_id, by=by, expected_version=expected_version)
        if balance.item != THE_DECISION or subject_request.right != "automated_decision":
            raise WordsMissing("This request has no decision to review.")
        _require_words(balance, about="The review")
        changes = balance.verdict == Verdict.FOR_PERSON
        if changes and not balance.change.strip():
            raise WordsMissing("Write down what changes: somebody carries it out.")
        facts = _write_down(subject_request, balance, by=by, at=at)
        record(event="decision.reviewed", target=subject_request, by=by, at=at, facts=facts)
        subject_request = keep(subject_request)
        if later:
            return subject_request
        return perform(
            subject_request_id=subject_request_id,
            move=Move.GRANT if changes else Move.LET_STAND,
            by=by,
            at=at,
            reason=balance.conclusion.strip(),
            expected_version=subject_request.version,
        )


def _require_words(balance: Balance, *, about: str) -> None:
    if balance.verdict not in Verdict.values:
        raise WordsMissing(f"{about}: say whose side weighs more.")
    if not all(each.strip() for each in (balance.our_side, balance.their_side, balance.conclusion)):
        raise WordsMissing(f"{about}: write down both sides, and why one weighs more.")


def _write_down(
    subject_request: SubjectRequest, balance: Balance, *, by: Actor, at: datetime
) -> dict[str, object]:
    row = Weighed.objects.filter(subject_request=subject_request, item=balance.item).first()
    row = row or Weighed(subject_request=subject_request, item=balance.item)
    won = balance.verdict == Verdict.FOR_PERSON
    row.our_side, row.their_side = balance.our_side.strip(), balance.their_side.strip()
    row.conclusion = balance.conclusion.strip()
    row.change, row.ground = balance.change.strip() if won else "", "" if won else balance.ground
    row.verdict, row.weighed_by_id, row.weighed_at = Verdict(balance.verdict), UUID(by.key), at
    row.save()
    return {"item": balance.item, "verdict": row.verdict}
