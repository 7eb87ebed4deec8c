"""About forty requests in every stage there is, made by the real moves; nothing is written past a service."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from django.utils import timezone

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.release import release_bundle
from fulfillment.bundles.selectors import outcome_of
from fulfillment.findings.gather import search_source
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.withhold import withhold_finding
from fulfillment.runs.finish import finish_run
from omne_dsar.demo import accounts
from omne_dsar.demo.company import cast
from omne_dsar.demo.company.people import Person
from omne_dsar.demo.company.world import World
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.encryption.blind_index import blind_index
from requests_app.encryption.store import current_store
from requests_app.identity.confirm import confirm_by_token
from requests_app.identity.lapse import CONFIRM_WITHIN
from requests_app.intake.submit import SubjectDetails, submit_request
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.models import Channel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.review.assign import assign_requests

SYSTEM = Actor.system("demo")
# How many requests end their walk in each stage, and how many days ago they arrived.
STAGES: tuple[tuple[S, tuple[int, ...]], ...] = (
    (S.COMPLETED, (28,)),
    (S.READY, (20,)),
    (S.AWAITING_RELEASE, (25,)),
    (S.CHECKING, (7, 16, 29)),
    (S.AWAITING_IDENTITY, (0, 1, 2, 5, 9, 12)),
    (S.IN_REVIEW, (0, 1, 3, 6, 11, 14, 18, 27, 33)),
    (S.REFUSED, (14, 31, 47)),
    (S.WITHDRAWN, (8, 24, 36, 52)),
    (S.LAPSED, (17, 26, 40, 44, 58, 63)),
    # The first of these stays where it is: the help desk shows a ticket of another address (cast.MERGED).
    (S.FULFILLING, (4, 10, 13)),
    # And this one, as after a restore without the files: its copy cannot be put together until a new search.
    (S.PREPARING, (15,)),
)
PLACES = ("DE", "PT", "US-CA", "GB", "FR", "BR", "US-TX", "CH", "SE", "US-VA", "CA-QC", "JP", "IT", "AU")
LATER = timedelta(hours=3)


@dataclass(frozen=True)
class Asker:
    """Somebody who makes a request of the demo."""

    name: str
    email: str
    place: str


class Walk:
    """One request on its way. `at` is the moment in the story; it moves on with every step."""

    def __init__(
        self, asker: Asker, *, received_at: datetime, worker: StaffMember, approver: StaffMember
    ) -> None:
        self.at = received_at
        self.worker = worker
        self.approver = Actor.staff(approver)
        self.subject_request = submit_request(
            channel=Channel.WEB,
            right="access",
            subject=SubjectDetails(asker.name, asker.email),
            place=asker.place,
            language="en",
            received_at=received_at,
            by=Actor.system("web form"),
        )

    def confirm(self) -> None:
        """The person follows the link in the mail."""
        link = self.subject_request.messages.get(notice="confirm_identity").secrets["link"]
        token = link.rstrip("/").rpartition("/")[2]
        self.subject_request = confirm_by_token(token=token, at=self._later())

    def take_on(self) -> None:
        """Somebody takes the case."""
        references = [self.subject_request.reference]
        assign_requests(
            references=references, assignee_id=self.worker.pk, by=Actor.staff(self.worker), at=self._later()
        )

    def approve(self) -> None:
        """The search is approved; its rows wait for a worker."""
        self._move(Move.APPROVE)

    def search(self) -> None:
        """Every source is searched here and now, as a worker would."""
        run = self.subject_request.runs.latest("number")
        for task in run.tasks.all():
            search_source(task_id=task.pk, at=self._later())
        finish_run(run_id=run.pk, at=self._later())

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
                        at=self._later(),
                    )
        self._move(Move.FINISH_REVIEW)

    def build(self) -> None:
        """The copy is put together."""
        build_bundle(bundle_id=self._bundle().pk, at=self._later())

    def release(self) -> None:
        """A second person lets it go."""
        release_bundle(bundle_id=self._bundle().pk, by=self.approver, at=self._later())

    def deliver(self) -> None:
        """The person has fetched it."""
        self._move(Move.DELIVER, by=SYSTEM, outcome=outcome_of(self._bundle()))

    def refuse(self) -> None:
        """The request is refused with a reason."""
        ground = "not_controller" if "not_controller" in self._grounds() else self._grounds()[0]
        words = "The address belongs to an employer who decides about this data."
        self._move(Move.REFUSE, reason=words, code=ground)

    def withdraw(self) -> None:
        """The person changes their mind."""
        self._move(Move.WITHDRAW, by=Actor.subject(self.subject_request.reference))

    def lapse(self) -> None:
        """Nobody ever confirmed."""
        self.at += CONFIRM_WITHIN
        self._move(Move.LAPSE, by=SYSTEM)

    def _bundle(self) -> Bundle:
        return Bundle.objects.filter(subject_request=self.subject_request).latest("number")

    def _ground_for_the_sake_of_others(self) -> str | None:
        return next((code for code in self._grounds() if "others" in code or "third" in code), None)

    def _grounds(self) -> list[str]:
        return [each.code for each in grounds_for(self.subject_request)]

    def _move(self, move: Move, *, by: Actor | None = None, reason: str = "", **given: object) -> None:
        self.subject_request = perform(
            subject_request_id=self.subject_request.pk,
            move=move,
            by=by or Actor.staff(self.worker),
            at=self._later(),
            reason=reason,
            given=given,
        )

    def _later(self) -> datetime:
        self.at = min(self.at + LATER, timezone.now())
        return self.at


TO_SEARCH: tuple[Callable[[Walk], None], ...] = (Walk.confirm, Walk.take_on, Walk.approve)
TO_REVIEW = (*TO_SEARCH, Walk.search)
TO_RELEASE = (*TO_REVIEW, Walk.finish_review, Walk.build)
WAYS: dict[S, tuple[Callable[[Walk], None], ...]] = {
    S.AWAITING_IDENTITY: (),
    S.IN_REVIEW: (Walk.confirm,),
    S.FULFILLING: TO_SEARCH,
    S.CHECKING: TO_REVIEW,
    S.PREPARING: (*TO_REVIEW, Walk.lose_findings, Walk.finish_review),
    S.AWAITING_RELEASE: TO_RELEASE,
    S.READY: (*TO_RELEASE, Walk.release),
    S.COMPLETED: (*TO_RELEASE, Walk.release, Walk.deliver),
    S.REFUSED: (Walk.confirm, Walk.take_on, Walk.refuse),
    S.WITHDRAWN: (Walk.confirm, Walk.withdraw),
    S.LAPSED: (Walk.lapse,),
}


def walk_demo_requests(*, part: int = 0, parts: int = 1) -> None:
    """Make those requests of the demo that are not there yet, or one part of them beside other processes.

    A start that was cut off goes on with the next one; the one it was at stays where it had come.
    """
    now = timezone.now()
    staff = accounts.ensure_staff()
    workers = cycle([staff[accounts.ROSA.email], staff[accounts.JONAS.email], staff[accounts.ANA.email]])
    wanted = [(state, age) for state, ages in STAGES for age in ages]
    world = World(as_of=now)
    others = _others(world)
    held = wanted.index((S.FULFILLING, 4))
    for number, (worker, (state, age)) in enumerate(zip(workers, wanted, strict=False)):
        asker = _asker(world.by_email[cast.MERGED.email], "ES") if number == held else next(others)
        if number % parts != part or _has_asked(asker):
            continue
        received_at = now - timedelta(days=age, hours=age % 9 + 1, minutes=7 * age % 60)
        walk = Walk(asker, received_at=received_at, worker=worker, approver=staff[accounts.PIET.email])
        for step in WAYS[state]:
            step(walk)


def _has_asked(asker: Asker) -> bool:
    index = blind_index("email", asker.email)
    return bool(SubjectRequest.objects.filter(subject_email_index=index).exists())


def _others(world: World) -> Iterator[Asker]:
    """People of the company, each once; those with a part keep out, for the visitor to play."""
    places = cycle(PLACES)
    for person in world.people:
        if not person.has_a_part:
            yield _asker(person, next(places))


def _asker(person: Person, place: str) -> Asker:
    return Asker(person.name, person.email, place)
