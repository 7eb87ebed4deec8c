"""The fan-out on one screen. Tasks carry ids only, may run twice, and are hints: the rows hold the truth."""

from typing import Any

from celery import Task, shared_task

from fulfillment.bundles import build
from fulfillment.bundles.models import Bundle
from fulfillment.changes import begin, hold_days
from fulfillment.changes import finish as changes
from fulfillment.changes.by_connector import carry
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_owner import remind
from fulfillment.changes.read_backs import look as read_backs
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.read_backs.selectors import looks_due
from fulfillment.changes.rehearsals import look as rehearsals
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.findings import gather
from fulfillment.findings.suggestions import scan
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.introspection import look
from fulfillment.introspection.models import MapProposal
from fulfillment.owners.models import OwnerMail, OwnerTask
from fulfillment.recipients import remind as recipients_remind
from fulfillment.recipients import send
from fulfillment.recipients.models import RecipientLetter
from fulfillment.runs import finish
from fulfillment.runs.models import SourceTask
from fulfillment.sweeps import work
from fulfillment.sweeps.models import Sweep
from fulfillment.transmissions import send as transmissions
from fulfillment.transmissions.models import Sending
from requests_app.correspondence import deliver
from requests_app.leases.clock import database_now
from requests_app.leases.lease import due
from requests_app.leases.models import LeasedWork
from requests_app.tasks import offer


@shared_task(name="fulfillment.search_source")
def search_source(*, task_id: str, **_newer: Any) -> None:
    """Search one source; whoever ends the last one ends the run."""
    now = database_now()
    ended = gather.search_source(task_id=task_id, at=now)
    if ended is not None:
        finish.finish_run(run_id=ended.run_id, at=now)


@shared_task(name="fulfillment.sweep_source")
def sweep_source(*, sweep_id: str, **_newer: Any) -> None:
    """Go through one source for one person, map or not; a second search may have waited for the last."""
    now = database_now()
    ended = work.work_on_sweep(sweep_id=sweep_id, at=now)
    if ended is not None:
        for run_id in finish.runs_to_finish():
            finish.finish_run(run_id=run_id, at=now)


@shared_task(name="fulfillment.build_bundle")
def build_bundle(*, bundle_id: str, **_newer: Any) -> None:
    """Build the copy of one request."""
    build.build_bundle(bundle_id=bundle_id, at=database_now())


@shared_task(name="fulfillment.scan_finding")
def scan_finding(*, scan_id: str, **_newer: Any) -> None:
    """Go through one finding for what identifies other people, a turn at a time."""
    if scan.scan_finding(scan_id=scan_id, at=database_now()):
        scan_finding.delay(scan_id=scan_id)


@shared_task(name="fulfillment.look_at_source")
def look_at_source(*, look_id: str, **_newer: Any) -> None:
    """Look at one source and propose its map."""
    look.look_at_source(look_id=look_id, at=database_now())


@shared_task(name="fulfillment.change_source")
def change_source(*, row_id: str, **_newer: Any) -> None:
    """Carry one change out by the connector of its source; the last one moves the request on."""
    now = database_now()
    done = carry.carry_out(row_id=row_id, at=now)
    if done is not None:
        for look_id in looks_due(done.change_id):
            offer(look_after_change, look_id=str(look_id))
        changes.finish_changes(subject_request_id=done.change.subject_request_id, at=now)


@shared_task(name="fulfillment.look_after_change")
def look_after_change(*, look_id: str, **_newer: Any) -> None:
    """Read one change back; the request may have waited for that."""
    now = database_now()
    ended = read_backs.read_back(row_id=look_id, at=now)
    if ended is not None:
        changes.finish_changes(subject_request_id=ended.change.subject_request_id, at=now)


@shared_task(name="fulfillment.look_beforehand")
def look_beforehand(*, row_id: str, **_newer: Any) -> None:
    """Ask one source what a deletion would do there."""
    rehearsals.look_beforehand(row_id=row_id, at=database_now())


@shared_task(name="fulfillment.remind_owner")
def remind_owner(*, task_id: str, **_newer: Any) -> None:
    """Remind whoever answers for a source, and tell others when they do not."""
    remind.remind_unless_held(task_id=task_id, at=database_now())


@shared_task(name="fulfillment.deliver_owner_mail")
def deliver_owner_mail(*, mail_id: str, **_newer: Any) -> None:
    """Hand one mail about an owner's task to the mail server."""
    deliver.deliver_mail(OwnerMail, mail_id, at=database_now())


@shared_task(name="fulfillment.deliver_letter")
def deliver_letter(*, letter_id: str, **_newer: Any) -> None:
    """Send one letter to a recipient."""
    send.deliver_letter(letter_id=letter_id, at=database_now())


@shared_task(name="fulfillment.send_copy")
def send_copy(*, sending_id: str, **_newer: Any) -> None:
    """Send one copy to another controller, or ask for its receipt."""
    transmissions.send_copy(sending_id=sending_id, at=database_now())


# Rows of work that anybody may offer again, the task that takes each, and the name it takes its id by.
OFFERED: "tuple[tuple[type[LeasedWork], Task[Any, None], str], ...]" = (
    (SourceTask, search_source, "task_id"),
    (Sweep, sweep_source, "sweep_id"),
    (Bundle, build_bundle, "bundle_id"),
    (SuggestionScan, scan_finding, "scan_id"),
    (MapProposal, look_at_source, "look_id"),
    (Rehearsal, look_beforehand, "row_id"),
    (SourceChange, change_source, "row_id"),
    (OwnerTask, remind_owner, "task_id"),
    (OwnerMail, deliver_owner_mail, "mail_id"),
    (ReadBackWork, look_after_change, "look_id"),
    (RecipientLetter, deliver_letter, "letter_id"),
    (Sending, send_copy, "sending_id"),
)


@shared_task(name="fulfillment.sweep")
def sweep(**_newer: Any) -> None:
    """Offer whatever is due and held by nobody, and end runs whose last worker was killed before it could."""
    for model, task, name in OFFERED:
        for key in due(model):
            task.delay(**{name: str(key)})
    for run_id in finish.runs_to_finish():
        finish.finish_run(run_id=run_id, at=database_now())


@shared_task(name="fulfillment.carry_on")
def carry_on(**_newer: Any) -> None:
    """End holds whose last day is over, begin deletions that have waited, move on requests whose changes all ended."""
    for request_id in hold_days.holds_that_may_be_over(at=database_now()):
        hold_days.end_hold(subject_request_id=request_id, at=database_now())
    for request_id in begin.due_deletions():
        begin.begin_deletion(subject_request_id=request_id, at=database_now())
    for request_id in changes.requests_to_finish():
        changes.finish_changes(subject_request_id=request_id, at=database_now())


@shared_task(name="fulfillment.remind_recipients")
def remind_recipients(**_newer: Any) -> None:
    """Write to recipients that have not answered in their time."""
    recipients_remind.remind_due(at=database_now())
