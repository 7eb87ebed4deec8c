"""Requests as the product makes them: asked, proven, approved, searched, reviewed, packed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.contrib.auth.models import Group
from django.utils import timezone

from bench.shop.load import MAP
from fulfillment.bundles import build
from fulfillment.bundles.base import formats_in_order
from fulfillment.bundles.models import Bundle
from fulfillment.findings.decisions.models import LeftBecause
from fulfillment.findings.gather import search_source
from fulfillment.findings.suggestions.answer import leave_everything
from fulfillment.findings.suggestions.duty import kinds_that_wait
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.suggestions.scan import scan_finding
from fulfillment.runs.finish import finish_run
from fulfillment.runs.models import SourceTask
from fulfillment.runs.plan import plan_for
from fulfillment.runs.selectors import latest_run
from fulfillment.runs.start import waiting_task_ids
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.identity.prove import accept_proof
from requests_app.intake.submit import SubjectDetails, submit_request
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import Channel, IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.proof import demanded
from requests_app.roles import Role

SYSTEM = Actor.system("bench")


def shop_source() -> DataSource:
    """The shop, connected."""
    found = DataSource.objects.filter(key="shop").first()
    return found or connect_source(
        key="shop",
        kind="postgresql",
        label="Shop",
        settings={"url": os.environ["BENCH_SHOP"]},
        map_yaml=MAP.read_text(encoding="utf-8"),
        by=SYSTEM,
        at=timezone.now(),
    )


def files_source(key: str, *, folder: Path, map_file: Path) -> DataSource:
    """A folder of files, connected by its map."""
    return connect_source(
        key=key,
        kind="object_store",
        label=key.capitalize(),
        settings={"root": f"file://{folder}"},
        map_yaml=map_file.read_text(encoding="utf-8"),
        by=SYSTEM,
        at=timezone.now(),
    )


@contextmanager
def the_only_source() -> Iterator[None]:
    """Nothing is searched but what is connected within; afterwards all is as it was."""
    known = list(DataSource.objects.filter(enabled=True).values_list("key", flat=True))
    DataSource.objects.update(enabled=False)
    try:
        yield
    finally:
        DataSource.objects.update(enabled=False)
        DataSource.objects.filter(key__in=known).update(enabled=True)


@cache
def case_worker() -> Actor:
    """A member of staff who works cases; looked up once, as it is no work of the product's."""
    email = "worker@omne.example"
    member, is_new = StaffMember.objects.get_or_create(email=email, defaults={"display_name": "Bench Worker"})
    if is_new:
        member.groups.set([Group.objects.get_or_create(name=Role.CASE_WORKER.value)[0]])
    return Actor.staff(StaffMember.objects.get(pk=member.pk))


def a_request(email: str) -> SubjectRequest:
    """Somebody has asked for their data and proven who they are: the plan waits for a member of staff."""
    at = timezone.now()
    by = Actor.subject("bench")
    asked = submit_request(
        channel=Channel.WEB,
        right="access",
        subject=SubjectDetails(name="Sam Subject", email=email),
        place="PT",
        language="en",
        received_at=at,
        by=by,
    )
    level = max(demanded(asked), IdentityLevel.CHANNEL)
    return accept_proof(subject_request_id=asked.pk, level=level, by=Actor.subject(asked.reference), at=at)


def approve(asked: SubjectRequest, worker: Actor) -> None:
    """The plan is made and approved; every source has its row of work."""
    plan_for(asked)
    perform(subject_request_id=asked.pk, move=Move.APPROVE, by=worker, at=timezone.now())


def search(asked: SubjectRequest) -> int:
    """What the worker does with the rows of the run; gives the number of records found."""
    run = latest_run(asked)
    assert run is not None
    for task_id in waiting_task_ids(run.pk):
        search_source(task_id=task_id, at=timezone.now())
    finish_run(run_id=run.pk, at=timezone.now())
    return sum(SourceTask.objects.filter(run=run).values_list("rows_seen", flat=True))


def look_through(asked: SubjectRequest, worker: Actor) -> None:
    """What a review asks for: every record is looked through for other people, and who is found goes out."""
    waiting = SuggestionScan.objects.filter(
        finding__task__run__subject_request=asked, work_state=WorkState.WAITING
    )
    while scans := list(waiting.values_list("pk", flat=True)):
        for scan_id in scans:
            while scan_finding(scan_id=scan_id, at=timezone.now()):
                pass
    if kinds_that_wait(asked):
        because = LeftBecause.WEIGHED
        leave_everything(subject_request_id=asked.pk, because=because, by=worker, at=timezone.now())


def pack(asked: SubjectRequest, worker: Actor) -> Bundle:
    """The review is finished, and the worker builds the copy."""
    perform(subject_request_id=asked.pk, move=Move.FINISH_REVIEW, by=worker, at=timezone.now())
    bundle = Bundle.objects.get(subject_request=asked)
    assert build.build_bundle(bundle_id=bundle.pk, at=timezone.now())
    bundle.refresh_from_db()
    return bundle


def leave_the_letter_out() -> None:
    """From now on this process packs pages, tables and data: the letter is set by a program of its own."""
    without = [each for each in formats_in_order() if each.label != "PDF"]
    setattr(build, "formats_in_order", lambda: without)  # noqa: B010 - in this process, which only measures
