"""Gather what was judged on the way: identities, the review, looks beforehand, sweeps, tasks of owners. No values."""

from django.db.models import Count, Q

from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.evidence import reviewed as r
from fulfillment.evidence.of_outgoing import staff
from fulfillment.findings.decisions.models import ReviewDecision
from fulfillment.findings.suggestions.models import Answer, Suggestion
from fulfillment.identities.selectors import identities_of
from fulfillment.owners.models import OwnerTask
from fulfillment.sweeps.models import Sweep
from requests_app.lifecycle.models import SubjectRequest


def identities(asked: SubjectRequest) -> list[r.Identity]:
    """By what the person was known, kind by kind."""
    return [
        r.Identity(
            kind=each.kind,
            found=each.found,
            place=each.where,
            doubt=each.doubt,
            state=each.state,
            is_shared=each.is_shared,
            found_at=each.found_at,
            found_by=each.found_by,
            decided_at=each.decided_at,
            decided_by=staff(each.decided_by_id),
        )
        for each in identities_of(asked)
    ]


# What one act says of all the places it is about.
_OF_AN_ACT = (
    *("batch", "source__key", "collection", "scope", "action", "rule", "field", "kind", "reason_code"),
    *("decided_at", "decided_by", "undone_at", "undone_by"),
)


def review(asked: SubjectRequest) -> list[r.ReviewAct]:
    """Each act of the review. One that is about a hundred thousand places is one line, counted by the database."""
    rows = ReviewDecision.objects.filter(subject_request=asked)
    acts = rows.values(*_OF_AN_ACT).annotate(places=Count("pk")).order_by("decided_at", *_OF_AN_ACT)
    reasons = {each.batch: str(each.note) for each in rows.order_by("batch", "pk").distinct("batch")}
    return [_act(each, reasons.get(each["batch"], "")) for each in acts.iterator()]


def _act(row: dict[str, object], reason: str) -> r.ReviewAct:
    said = {
        name: row[name] for name in ("collection", "scope", "action", "rule", "field", "kind", "undone_at")
    }
    return r.ReviewAct.model_validate(
        {
            **said,
            "source": row["source__key"],
            "places": row["places"],
            "code": row["reason_code"],
            "reason": reason,
            "at": row["decided_at"],
            "by": staff(row["decided_by"]),
            "undone_by": staff(row["undone_by"]),
        }
    )


def suggested(asked: SubjectRequest) -> list[r.Suggested]:
    """How many suggestions a person took, left, and did not look at."""
    rows = Suggestion.objects.filter(finding__task__run__subject_request=asked)
    place = ("finding__task__source__key", "finding__collection", "finding__task__run__number", "kind")
    counted = rows.values(*place).annotate(
        accepted=Count("pk", filter=Q(state=Answer.ACCEPTED)),
        refused=Count("pk", filter=Q(state=Answer.REFUSED)),
        open=Count("pk", filter=Q(state=Answer.OPEN)),
    )
    return [
        r.Suggested(
            source=each[place[0]],
            collection=each[place[1]],
            run=each[place[2]],
            kind=each["kind"],
            accepted=each["accepted"],
            refused=each["refused"],
            open=each["open"],
        )
        for each in counted.order_by(*place)
    ]


def looks_beforehand(asked: SubjectRequest) -> list[r.LookBeforehand]:
    """What each source said before a deletion."""
    rows = Rehearsal.objects.filter(subject_request=asked).select_related("source", "map_version")
    return [_look(each) for each in rows]


def _look(row: Rehearsal) -> r.LookBeforehand:
    found = row.preflight
    return r.LookBeforehand(
        source=row.source.key,
        map_number=row.map_version.number,
        state=row.work_state,
        looked_at=row.looked_at,
        decided_sha256=row.decided,
        records=found.rows if found else 0,
        kept=sum(each.rows for each in found.kept) if found else 0,
        problems=list(found.problems) if found else [],
        given_to_a_person_by=staff(row.handed_by_id),
    )


def sweeps(asked: SubjectRequest) -> list[r.Sweep]:
    """Each source that was gone through for traces."""
    rows = Sweep.objects.filter(subject_request=asked).select_related("source", "map_version")
    return [_sweep(each) for each in rows.order_by("started_at", "pk")]


def _sweep(row: Sweep) -> r.Sweep:
    decided = row.traces.order_by().values_list("decision").annotate(Count("pk"))
    return r.Sweep(
        source=row.source.key,
        purpose=row.purpose,
        map_number=row.map_version.number,
        state=row.work_state,
        started_at=row.started_at,
        ended_at=row.ended_at,
        tables=row.tables_done,
        tables_in_all=row.tables_total,
        rows=row.rows_looked,
        records_by_kind=row.counts,
        unread=len(row.said_unread),
        traces_by_decision=dict(decided),
    )


def owner_tasks(asked: SubjectRequest) -> list[r.OwnerTask]:
    """What those were asked who answer for a source, and how they answered."""
    rows = OwnerTask.objects.filter(subject_request=asked).select_related("source")
    return [
        r.OwnerTask(
            source=each.source.key,
            purpose=each.purpose,
            state=each.state,
            asked_at=each.asked_at,
            answer_by=each.answer_by,
            reminded=each.reminded,
            answer=each.held,
            ended_at=each.ended_at,
            uploads=[
                r.Upload(
                    collection=file.collection,
                    is_document=file.is_document,
                    size=file.size,
                    sha256=file.sha256,
                    uploaded_at=file.uploaded_at,
                )
                for file in each.uploads.all()
            ],
        )
        for each in rows.prefetch_related("uploads")
    ]
