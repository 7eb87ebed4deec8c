"""Gather what the work knows: searches, changes with their receipts, copies with their fetches. No contents."""

import hashlib
import json

import rfc8785

from fulfillment.bundles.models import Bundle
from fulfillment.changes.models import ChangeTask, ReceiptFile
from fulfillment.evidence import document as d
from fulfillment.evidence.of_outgoing import staff
from fulfillment.runs.models import FulfillmentRun, SourceTask
from requests_app.lifecycle.models import SubjectRequest


def runs(asked: SubjectRequest) -> list[d.Run]:
    """Each search, source by source."""
    rows = FulfillmentRun.objects.filter(subject_request=asked).order_by("number")
    return [
        d.Run(
            number=each.number,
            purpose=each.purpose,
            state=each.state,
            started_at=each.started_at,
            ended_at=each.ended_at,
            sources=[_search(task) for task in each.tasks.select_related("source", "map_version")],
        )
        for each in rows
    ]


def _search(task: SourceTask) -> d.SourceSearch:
    return d.SourceSearch(
        source=task.source.key,
        map_number=task.map_version.number,
        map_sha256=task.map_version.sha256,
        state=task.source_state,
        asked_kinds=sorted(map(str, task.asked_kinds)),
        records=task.rows_seen,
        collections=task.findings.filter(row_count__gt=0).count(),
        ended_at=task.ended_at,
        left_out_because=task.excluded_because,
    )


def changes(asked: SubjectRequest) -> list[d.Change]:
    """Each change in a source."""
    rows = ChangeTask.objects.filter(subject_request=asked).select_related(
        "source", "by_connector", "receipt_file"
    )
    return [_change(each) for each in rows]


def _change(task: ChangeTask) -> d.Change:
    work = getattr(task, "by_connector", None)
    file: ReceiptFile | None = getattr(task, "receipt_file", None)
    return d.Change(
        source=task.source.key if task.source else "",
        kind=task.kind,
        attempt=task.attempt,
        part=task.part,
        hand=task.hand,
        state=task.state,
        created_at=task.created_at,
        ended_at=task.ended_at,
        ended_by=staff(task.ended_by_id),
        records=task.records_changed,
        note=task.note,
        receipt=_receipt(work.receipt_sealed) if work and work.receipt_sealed else task.receipt,
        receipt_file_sha256=file.sha256 if file else "",
        confirmed_at=work.confirmed_at if work else None,
        read_back=[
            f"{each.looked_at:%Y-%m-%d}: {'as decided' if each.agrees else 'not as decided'}"
            for each in task.read_backs.filter(agrees__isnull=False)
            if each.looked_at
        ],
    )


def _receipt(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def bundles(asked: SubjectRequest) -> list[d.Bundle]:
    """Each version of the answer, and each fetch of it."""
    rows = Bundle.objects.filter(subject_request=asked).select_related("run").prefetch_related("fetches")
    return [_bundle(each) for each in rows.order_by("number")]


def _bundle(row: Bundle) -> d.Bundle:
    manifest = hashlib.sha256(rfc8785.dumps(row.manifest)).hexdigest() if row.manifest else ""
    return d.Bundle(
        number=row.number,
        run=row.run.number,
        state=row.state,
        created_at=row.created_at,
        built_at=row.built_at,
        sha256=row.sha256,
        size=row.size,
        records=row.row_count,
        files=row.part_count,
        manifest_sha256=manifest,
        volumes=[d.Volume(number=each.number, size=each.size, sha256=each.sha256) for each in row.parts],
        released_at=row.released_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        fetches=[
            d.Fetch(
                started_at=each.started_at,
                by=each.by,
                first_byte=each.first_byte,
                bytes_asked=each.bytes_asked,
                bytes_sent=each.bytes_sent,
            )
            for each in row.fetches.all()
        ],
    )
