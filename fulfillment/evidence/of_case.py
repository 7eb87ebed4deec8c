"""Gather what the case knows: what arrived, its clocks, the identity steps, decisions and questions."""

from collections.abc import Iterator

from fulfillment.changes.models import ChangeHold
from fulfillment.evidence import document as d
from fulfillment.evidence.of_outgoing import staff
from fulfillment.findings.models import Finding
from requests_app.deadlines.cases import as_values
from requests_app.deadlines.result import Deadline, Measure
from requests_app.deadlines.terms import NoSuchDate
from requests_app.decisions.models import AskedQuestion, GuardianObjection, MovedDate, PassedOn, PersonNote
from requests_app.identity.models import MailedCode, Verification
from requests_app.jurisdictions.load import RightNotGranted
from requests_app.lifecycle.clock import case_deadline, response_deadline
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.second_person import ProposedDecision
from requests_app.lifecycle.weighed import Weighed


def arrived(asked: SubjectRequest) -> d.Arrived:
    """What came in."""
    came = asked.submission
    return d.Arrived(
        channel=came.channel,
        received_at=asked.received_at,
        language=came.language,
        policy_version=came.policy_version,
        asked_by=asked.asked_by,
        name=asked.subject_name,
        address=asked.subject_email,
        asker_name=asked.asker_name,
        details=asked.details,
        answers=came.answers,
        particulars=asked.particulars,
    )


def said_since(asked: SubjectRequest) -> list[d.Said]:
    """What was said later and unasked: notes of the person, and a young person's objection to their guardian."""
    found: list[d.Said] = []
    notes = PersonNote.objects.filter(subject_request=asked)
    found += (d.Said(what="note", at=each.written_at, words=each.words) for each in notes)
    objections = GuardianObjection.objects.filter(subject_request=asked)
    found += (d.Said(what="objection", at=each.written_at, words=each.words) for each in objections)
    return sorted(found, key=lambda each: each.at)


def clock_events(asked: SubjectRequest) -> list[d.ClockEvent]:
    """What the clock counts."""
    return [d.ClockEvent(type=each.type, at=each.at, until=each.until) for each in asked.clock_events.all()]


def clocks(asked: SubjectRequest) -> list[d.Clock]:
    """Every date that the law sets, the answer first."""
    found = [_clock(response_deadline(asked))]
    for measure in Measure:
        try:
            each = _clock(case_deadline(asked, measure))
        except (NoSuchDate, RightNotGranted):
            continue
        if each not in found:
            found.append(each)
    return found


def _clock(found: Deadline) -> d.Clock:
    said = as_values(found)
    return d.Clock(**{name: said[name] for name in ("measure", "regime", "due", "sentence", "steps")})


def moved_dates(asked: SubjectRequest) -> list[d.MovedDate]:
    """Each move of the date that the person was told."""
    return [
        d.MovedDate(at=each.at, before=each.before, after=each.after, cause=each.cause, reason=each.reason)
        for each in MovedDate.objects.filter(subject_request=asked)
    ]


def proofs(asked: SubjectRequest) -> list[d.Proof]:
    """How the person was recognised, without what they showed."""
    return [_proof(each) for each in Verification.objects.filter(subject_request=asked)]


def _proof(row: Verification) -> d.Proof:
    deleted = [each.deleted_at for each in row.evidence.all()]
    return d.Proof(
        method=row.method,
        level=row.level,
        state=row.state,
        asked_at=row.asked_at,
        given_at=row.given_at,
        decided_at=row.decided_at,
        decided_by=staff(row.decided_by_id),
        reason=row.reason,
        pieces_of_evidence=len(deleted),
        evidence_deleted_at=max((each for each in deleted if each is not None), default=None),
    )


def codes(asked: SubjectRequest) -> list[d.MailedCode]:
    """Each code that was mailed."""
    return [
        d.MailedCode(purpose=each.purpose, issued_at=each.issued_at, used_at=each.used_at)
        for each in MailedCode.objects.filter(subject_request=asked).order_by("issued_at", "pk")
    ]


def decisions(asked: SubjectRequest) -> list[d.Decision]:
    """What was decided, with its reasons: of the whole, of its parts, what was withheld, and what was held back."""
    return [*_of_the_whole(asked), *_of_parts(asked), *_withheld(asked), *_holds(asked)]


def _of_the_whole(asked: SubjectRequest) -> Iterator[d.Decision]:
    if asked.outcome or asked.reason_code or asked.decided_by_id:
        yield _decision(
            "request",
            asked.closed_at,
            asked.decided_by_id,
            asked.outcome or asked.state,
            asked.reason_code,
            asked.reason,
        )
    for proposed in ProposedDecision.objects.filter(subject_request=asked):
        yield _decision(
            "proposed", proposed.proposed_at, proposed.proposed_by_id, proposed.move, "", proposed.words
        )
    for passed in PassedOn.objects.filter(subject_request=asked):
        yield _decision(
            "passed_on", passed.at, asked.decided_by_id, "", "", f"{passed.name}, {passed.contact}"
        )


def _of_parts(asked: SubjectRequest) -> Iterator[d.Decision]:
    for each in Weighed.objects.filter(subject_request=asked):
        reason = "\n\n".join(filter(None, (each.our_side, each.their_side, each.conclusion, each.change)))
        yield _decision(each.item, each.weighed_at, each.weighed_by_id, each.verdict, each.ground, reason)


def _withheld(asked: SubjectRequest) -> Iterator[d.Decision]:
    rows = Finding.objects.filter(task__run__subject_request=asked, decided_at__isnull=False)
    for each in rows.select_related("task__source", "task__run").order_by("decided_at", "pk"):
        what = f"{each.task.source.key}/{each.collection} of run {each.task.run.number}"
        yield _decision(
            what, each.decided_at, each.decided_by_id, each.decision, each.reason_code, each.reason_note
        )


def _holds(asked: SubjectRequest) -> Iterator[d.Decision]:
    for each in ChangeHold.objects.filter(subject_request=asked).order_by("set_at", "pk"):
        yield _decision("changes", each.set_at, each.set_by_id, "held back", "", each.why)
        if each.lifted_at is not None:
            yield _decision("changes", each.lifted_at, each.lifted_by_id, "hold ended", "", "")


def _decision(what: str, at: object, by: object, verdict: str, code: str, reason: str) -> d.Decision:
    return d.Decision.model_validate(
        {"what": what, "at": at, "by": staff(by), "verdict": verdict, "code": code, "reason": reason}
    )


def questions(asked: SubjectRequest) -> list[d.Question]:
    """What was asked of the person."""
    return [
        d.Question(
            topic=each.topic,
            asked_at=each.asked_at,
            words=each.words,
            price=each.price,
            ended_at=each.ended_at,
            ending=each.ending,
            answer=each.answer,
        )
        for each in AskedQuestion.objects.filter(subject_request=asked)
    ]
