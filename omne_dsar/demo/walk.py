"""One request on its way through the demo, by the real moves; nothing is written past a service."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.release import release_bundle
from fulfillment.findings.decisions.models import LeftBecause
from fulfillment.findings.gather import search_source
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.suggestions.answer import cover_everything, leave_everything
from fulfillment.findings.suggestions.duty import kinds_that_wait
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.suggestions.scan import scan_finding
from fulfillment.findings.withhold import withhold_finding
from fulfillment.runs.finish import finish_run
from fulfillment.sources.selectors import searchable_sources
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.selectors import why_not_swept
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.work import work_on_sweep
from omne_dsar.demo import accounts
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.encryption.store import current_store
from requests_app.identity.confirm import confirm_by_token
from requests_app.identity.lapse import CONFIRM_WITHIN
from requests_app.leases.models import WorkState
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.selectors import by_reference
from requests_app.review.assign import assign_requests

SYSTEM = Actor.system("demo")
LATER = timedelta(hours=3)

# What the staff of the demo write to the person, by the law's reason.
REFUSALS = {
    "not_controller": "The address belongs to an employer who decides about this data.",
    "unauthenticated": "The owner of the account on file told us that the request was not theirs.",
    "serious_threat": "What we hold would show where somebody lives who is hiding from harm.",
}


class Walk:
    """One request on its way. `at` is the moment in the story; it moves on with every step."""

    def __init__(
        self, subject_request: SubjectRequest, *, worker: StaffMember, staff: Mapping[str, StaffMember]
    ) -> None:
        self.at = subject_request.received_at
        self.worker = worker
        self.approver = Actor.staff(staff[accounts.PIET.email])
        self.lead = Actor.staff(staff[accounts.ANA.email])
        self.subject_request = subject_request

    def confirm(self) -> None:
        """The person follows the link in the mail."""
        together = self.subject_request.submission.subject_requests.values("pk")
        mailed = Message.objects.get(subject_request__in=together, notice="confirm_identity")
        token = mailed.secrets["link"].rstrip("/").rpartition("/")[2]
        confirm_by_token(token=token, at=self.later())
        self.look_again()

    def take_on(self) -> None:
        """Somebody takes the case."""
        references = [self.subject_request.reference]
        assign_requests(
            references=references, assignee_id=self.worker.pk, by=Actor.staff(self.worker), at=self.later()
        )

    def approve(self) -> None:
        """The search is approved; its rows wait for a worker."""
        self.move(Move.APPROVE)

    def search(self) -> None:
        """Every source is searched here and now, as a worker would, and gone through where a deletion asks for it."""
        run = self.subject_request.runs.latest("number")
        for task in run.tasks.all():
            search_source(task_id=task.pk, at=self.later())
        for row in Sweep.objects.filter(subject_request=self.subject_request, work_state=WorkState.WAITING):
            work_on_sweep(sweep_id=row.pk, at=self.later())
        finish_run(run_id=run.pk, at=self.later())

    def look_beyond_the_maps(self) -> None:
        """Every source is to be gone through where no map leads; the worker does it as soon as it runs."""
        for source in searchable_sources():
            if not why_not_swept(source):
                by = Actor.staff(self.worker)
                start_sweep(subject_request=self.subject_request, source=source, by=by, at=self.later())

    def lose_findings(self) -> None:
        """The disk loses what one source gave."""
        task = self.subject_request.runs.latest("number").tasks.exclude(store_name="").earliest("position")
        current_store().delete(task.store_name)

    def finish_review(self) -> None:
        """What others wrote is withheld where the law knows such a ground; the rest goes into the copy."""
        ground = self._ground_for_the_sake_of_others()
        for source in findings_of(self.subject_request):
            for each in source.findings:
                if ground and each.finding.row_count and each.collection.name.endswith("case_comments"):
                    withhold_finding(
                        finding_id=each.finding.pk,
                        reason_code=ground,
                        note="Other people are named in it.",
                        by=Actor.staff(self.worker),
                        at=self.later(),
                    )
        self.look_for_others()
        if kinds_that_wait(self.subject_request):
            self._answer_what_was_suggested(ground)
        self.move(Move.FINISH_REVIEW)

    def look_for_others(self) -> None:
        """Every record is gone through for other people, as a worker would."""
        scans = SuggestionScan.objects.filter(finding__task__run__subject_request=self.subject_request)
        for scan in scans.filter(work_state=WorkState.WAITING):
            while scan_finding(scan_id=scan.pk, at=self.later()):
                pass

    def _answer_what_was_suggested(self, ground: str | None) -> None:
        """Covered where the law knows a ground for it; elsewhere somebody weighed it."""
        key, by = self.subject_request.pk, Actor.staff(self.worker)
        if ground:
            cover_everything(subject_request_id=key, reason_code=ground, by=by, at=self.later())
        else:
            because = LeftBecause.WEIGHED
            leave_everything(subject_request_id=key, because=because, by=by, at=self.later())

    def build(self) -> None:
        """The copy is put together."""
        build_bundle(bundle_id=self._bundle().pk, at=self.later())

    def release(self) -> None:
        """A second person lets it go."""
        release_bundle(bundle_id=self._bundle().pk, by=self.approver, at=self.later())

    def refuse(self) -> None:
        """The request is refused with a reason."""
        ground = "not_controller" if "not_controller" in self._grounds() else self._grounds()[0]
        self.move(Move.REFUSE, reason=REFUSALS.get(ground, REFUSALS["not_controller"]), code=ground)

    def withdraw(self) -> None:
        """The person changes their mind."""
        self.move(Move.WITHDRAW, by=Actor.subject(self.subject_request.reference))

    def lapse(self) -> None:
        """Nobody ever confirmed."""
        self.at += CONFIRM_WITHIN
        self.move(Move.LAPSE, by=SYSTEM)

    def _bundle(self) -> Bundle:
        return Bundle.objects.filter(subject_request=self.subject_request).latest("number")

    def _ground_for_the_sake_of_others(self) -> str | None:
        return next((code for code in self._grounds() if "others" in code or "third" in code), None)

    def _grounds(self) -> list[str]:
        return [each.code for each in grounds_for(self.subject_request)]

    def move(self, move: Move, *, by: Actor | None = None, reason: str = "", **given: object) -> None:
        """Make one move, as the worker unless somebody else is named."""
        self.subject_request = perform(
            subject_request_id=self.subject_request.pk,
            move=move,
            by=by or Actor.staff(self.worker),
            at=self.later(),
            reason=reason,
            given=given,
        )

    def look_again(self) -> None:
        """Take the request as it is now, after a service has moved it."""
        self.subject_request = by_reference(self.subject_request.reference)

    def later(self) -> datetime:
        """A few hours on, but never later than now."""
        self.at = min(self.at + LATER, timezone.now())
        return self.at
