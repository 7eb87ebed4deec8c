"""What this app does when a request moves: runs, copies, changes begun or taken back; tasks on commit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from fulfillment import tasks
from fulfillment.bundles.discard import discard_unreleased, revoke_released
from fulfillment.bundles.handed_over import write_handed_over
from fulfillment.bundles.start import start_bundle
from fulfillment.changes.announce import announce_deletion, channels_of, tell_of_result
from fulfillment.changes.by_owner.ask import ask_owners
from fulfillment.changes.certify.write import write_certificate
from fulfillment.changes.finish import KIND_OF
from fulfillment.changes.keeping import keep_what_must_stay
from fulfillment.changes.models import ChangeKind
from fulfillment.changes.read_backs.begin import begin_second_looks_of_erasure
from fulfillment.changes.rehearsals.look import begin_looks
from fulfillment.changes.selectors import work_of
from fulfillment.changes.start import cancel_changes, start_changes
from fulfillment.changes.telling import tell_recipients
from fulfillment.findings.forget import forget_findings
from fulfillment.findings.suggestions.by_hand import scans_wait
from fulfillment.findings.suggestions.scan import start_again, start_scans
from fulfillment.identities.decide import identity_decided
from fulfillment.identities.own import note_own_identities
from fulfillment.owners.answer import answered
from fulfillment.owners.mails import mail_written
from fulfillment.owners.models import OwnerMail, OwnerTask
from fulfillment.recipients.letters import letter_waits
from fulfillment.recipients.models import RecipientLetter
from fulfillment.runs.cancel import cancel_runs
from fulfillment.runs.start import start_run, wake
from fulfillment.runs.states import GOES_ON_IN
from fulfillment.sweeps.check import start_checks
from fulfillment.sweeps.forget import forget_sweeps
from fulfillment.sweeps.states import SweepPurpose
from fulfillment.sweeps.stop import stop_sweeps
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.signals import sending_let_go
from fulfillment.transmissions.states import Why
from fulfillment.transmissions.stop import stop_transmissions
from requests_app.audit.actors import Actor
from requests_app.decisions.young_person import is_told, tell_young_person
from requests_app.identity.together import UNPROVEN
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.signals import state_changed
from requests_app.tasks import offer

# What is disputed is not used while it is weighed (Article 18(1)(a) and (d) GDPR).
RESTRICTED_MEANWHILE = frozenset({"correction", "objection"})
LIFTINGS = frozenset({ChangeKind.LIFT_MEANWHILE})


@receiver(state_changed)
def note_whom_it_means(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    move: Move | None,
    at: datetime,
    **_announcement: Any,
) -> None:
    """Once the address is proved it is what sources are asked by; whatever else was given waits for a person.

    What acts at once is heard of before the step that brought the proof is.
    """
    if source in UNPROVEN or move is Move.ACT_AT_ONCE:
        note_own_identities(subject_request=subject_request, at=at)


@receiver(state_changed)
def search_the_sources(
    *, subject_request: SubjectRequest, target: RequestState, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """Entering FULFILLING starts a run; entering VERIFYING another, which shows whether a deletion holds."""
    purpose = {state: purpose for purpose, state in GOES_ON_IN.items()}.get(target)
    if purpose is not None:
        for task_id in start_run(subject_request=subject_request, by=by, at=at, purpose=purpose):
            offer(tasks.search_source, task_id=str(task_id))


@receiver(state_changed)
def look_for_others(*, subject_request: SubjectRequest, target: RequestState, **_announcement: Any) -> None:
    """A review begins: what may identify other people is looked for meanwhile, the small findings first."""
    if target is RequestState.CHECKING:
        for scan_id in start_scans(subject_request):
            offer(tasks.scan_finding, scan_id=str(scan_id))


@receiver(identity_decided)
def look_for_others_again(*, subject_request: SubjectRequest, **_announcement: Any) -> None:
    """Who somebody else is, follows from whom the request means."""
    if subject_request.state == RequestState.CHECKING:
        for scan_id in start_again(subject_request):
            offer(tasks.scan_finding, scan_id=str(scan_id))


@receiver(scans_wait)
def look_through_again(*, scan_ids: list[UUID], **_announcement: Any) -> None:
    """Somebody asked for it, and waits."""
    for scan_id in scan_ids:
        offer(tasks.scan_finding, scan_id=str(scan_id))


@receiver(state_changed)
def sweep_after_a_deletion(
    *, subject_request: SubjectRequest, target: RequestState, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """Whether a deletion holds is also asked where no map leads."""
    if target is RequestState.VERIFYING:
        for sweep in start_checks(subject_request=subject_request, by=by, at=at):
            offer(tasks.sweep_source, sweep_id=str(sweep.pk))


@receiver(state_changed)
def stop_sweeps_that_nobody_wants(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    target: RequestState,
    **_announcement: Any,
) -> None:
    """A closed request is looked for nowhere; a deletion that is carried out again gets checks of its own."""
    after_deletion = (RequestState.VERIFYING, RequestState.CONFIRMING)
    if target in CLOSED:
        stop_sweeps(subject_request=subject_request)
    elif source in after_deletion and target not in after_deletion:
        stop_sweeps(subject_request=subject_request, purposes=frozenset({SweepPurpose.AFTER_CHANGE}))


@receiver(state_changed)
def build_the_copy(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """Entering PREPARING begins the copy."""
    if target is RequestState.PREPARING:
        bundle = start_bundle(subject_request=subject_request, at=at)
        offer(tasks.build_bundle, bundle_id=str(bundle.pk))


@receiver(state_changed)
def stop_what_is_no_longer_wanted(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    target: RequestState,
    at: datetime,
    **_announcement: Any,
) -> None:
    """Leaving a search other than by its end cancels it; a copy that was not released is discarded."""
    if source in GOES_ON_IN.values():
        cancel_runs(subject_request=subject_request, at=at)
    unreleased = (RequestState.PREPARING, RequestState.AWAITING_RELEASE)
    if source in unreleased and target not in (RequestState.AWAITING_RELEASE, RequestState.READY):
        discard_unreleased(subject_request=subject_request, at=at)


@receiver(state_changed)
def take_the_copy_back(
    *, subject_request: SubjectRequest, move: Move | None, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """A copy that is taken back can be fetched by nobody from that moment on."""
    if move is Move.TAKE_BACK:
        revoke_released(subject_request=subject_request, by=by, at=at)
        stop_transmissions(subject_request=subject_request, why=Why.COPY_GONE, at=at)


@receiver(state_changed)
def send_nothing_of_what_has_ended(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """A request that ends without an answer sends nothing; one that is answered goes on sending its copy."""
    if target in CLOSED - {RequestState.COMPLETED}:
        stop_transmissions(subject_request=subject_request, why=Why.STOPPED, at=at)


@receiver(state_changed)
def keep_what_the_map_says(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    target: RequestState,
    by: Actor,
    at: datetime,
    **_announcement: Any,
) -> None:
    """A dry run begins with what a law makes us keep left out of the deletion; then each source is looked into."""
    is_dry_run = right(subject_request.right).operation is Operation.ERASE
    if is_dry_run and source is RequestState.FULFILLING and target is RequestState.CHECKING:
        keep_what_must_stay(subject_request=subject_request, by=by, at=at)
    if is_dry_run and target in (RequestState.CHECKING, RequestState.AWAITING_APPROVAL):
        for row_id in begin_looks(subject_request=subject_request):
            offer(tasks.look_beforehand, row_id=str(row_id))


@receiver(state_changed)
def tell_the_young_person(
    *, subject_request: SubjectRequest, move: Move | None, at: datetime, **_announcement: Any
) -> None:
    """A search shows how a young person is reached themselves: they hear of it before anything goes out."""
    if move is Move.FINISH_SEARCH and is_told(subject_request):
        addresses = channels_of(subject_request)
        tell_young_person(subject_request=subject_request, addresses=addresses, at=at)


@receiver(state_changed)
def tell_of_the_deletion(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """Whoever owns an address on file can stop a deletion that was approved."""
    if target is RequestState.WAITING_PERIOD:
        announce_deletion(subject_request=subject_request, at=at)


@receiver(state_changed)
def carry_the_decision_out(
    *, subject_request: SubjectRequest, target: RequestState, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """Entering a state in which sources change writes down what each is to change."""
    kind = None
    if target is RequestState.EXECUTING:
        kind = KIND_OF[right(subject_request.right).operation]
    elif target is RequestState.LIFTING:
        kind = ChangeKind.LIFT_RESTRICTION
    elif target is RequestState.WEIGHING and subject_request.right in RESTRICTED_MEANWHILE:
        kind = ChangeKind.RESTRICT_MEANWHILE
    if kind is not None:
        _start(subject_request, kind, by, at)


@receiver(state_changed)
def use_again_after_weighing(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    by: Actor,
    at: datetime,
    **_announcement: Any,
) -> None:
    """What was restricted meanwhile is used again; the uses that a granted objection ends stop for good instead."""
    if source is RequestState.WEIGHING and subject_request.right in RESTRICTED_MEANWHILE:
        _start(subject_request, ChangeKind.LIFT_MEANWHILE, by, at)


@receiver(state_changed)
def close_what_is_over(
    *, subject_request: SubjectRequest, target: RequestState, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """A closed request asks no source for anything, but to use again what was restricted; its dry run is forgotten."""
    if target not in CLOSED:
        return
    kinds = frozenset(ChangeKind) - LIFTINGS
    cancel_changes(subject_request=subject_request, kinds=kinds, by=by, at=at)
    if right(subject_request.right).operation is Operation.ERASE:
        # Before the findings are forgotten: they say by what a recipient knows the person.
        tell_recipients(subject_request_id=subject_request.pk, at=at)
        if target is RequestState.COMPLETED:
            begin_second_looks_of_erasure(subject_request, at=at)
            tell_of_result(subject_request=subject_request, at=at)
            write_certificate(subject_request=subject_request, at=at)
        forget_findings(subject_request=subject_request, by=by, at=at)
        forget_sweeps(subject_request=subject_request, by=by, at=at)


@receiver(state_changed)
def certify_what_was_carried_out(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    target: RequestState,
    at: datetime,
    **_announcement: Any,
) -> None:
    """What was changed other than by a deletion has its certificate as soon as every source has done its part."""
    is_deletion = right(subject_request.right).operation is Operation.ERASE
    carried_out = target is RequestState.COMPLETED or (
        target is RequestState.IN_FORCE and source is RequestState.EXECUTING
    )
    if carried_out and not is_deletion:
        write_certificate(subject_request=subject_request, at=at)


@receiver(state_changed)
def say_what_was_handed_over(
    *, subject_request: SubjectRequest, move: Move | None, at: datetime, **_announcement: Any
) -> None:
    """A copy that was fetched, or that another service received, leaves a letter when its files are long gone."""
    if move is Move.DELIVER:
        write_handed_over(subject_request=subject_request, at=at)


@receiver(mail_written)
def deliver_to_the_owner(*, mail: OwnerMail, **_announcement: Any) -> None:
    """A mail to somebody outside the team is sent as soon as it is written for good."""
    offer(tasks.deliver_owner_mail, mail_id=str(mail.pk))


@receiver(letter_waits)
def deliver_to_the_recipient(*, letter: RecipientLetter, **_announcement: Any) -> None:
    """A recipient is told as soon as it is written for good what there is to tell."""
    offer(tasks.deliver_letter, letter_id=str(letter.pk))


@receiver(sending_let_go)
def send_the_copy(*, sending: Sending, **_announcement: Any) -> None:
    """What a second person let go is offered to the other service at once."""
    offer(tasks.send_copy, sending_id=str(sending.pk))


@receiver(answered)
def search_what_was_answered(*, task: OwnerTask, **_announcement: Any) -> None:
    """The search that waited for a person goes on at once."""
    for task_id in wake(task.key):
        offer(tasks.search_source, task_id=str(task_id))


def _start(subject_request: SubjectRequest, kind: ChangeKind, by: Actor, at: datetime) -> None:
    started = start_changes(subject_request=subject_request, kind=kind, by=by, at=at)
    ask_owners(started, by=by, at=at)
    for row_id in work_of(started):
        offer(tasks.change_source, row_id=str(row_id))
