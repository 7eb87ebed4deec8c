"""Who asks for what in the demo, and how far each request has come: in every state and of most rights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from omne_dsar.demo import accounts, decided, moving
from omne_dsar.demo.company import cast
from omne_dsar.demo.company.people import Person
from omne_dsar.demo.company.world import World
from omne_dsar.demo.walk import Walk
from requests_app.audit.actors import Actor
from requests_app.encryption.blind_index import blind_index
from requests_app.intake.submit import ONESELF, AskedBy, SubjectDetails, Wanted, submit_requests
from requests_app.lifecycle.models import Asker, Channel, SubjectRequest

Step = Callable[[Walk], None]
PLACES = ("DE", "PT", "US-CO", "GB", "FR", "BR", "US-TX", "CH", "SE", "US-VA", "CA-QC", "JP", "IT", "AU")
ACCESS = (Wanted("access"),)


@dataclass(frozen=True)
class Story:
    """What somebody asked for so many days ago, and the steps that it has taken since.

    Without a `place` the person lives somewhere; without an address it is the next person of the company.
    """

    days_ago: int
    steps: tuple[Step, ...] = ()
    wanted: tuple[Wanted, ...] = ACCESS
    place: str = ""
    email: str = ""
    asker: AskedBy = ONESELF


TO_REVIEW: tuple[Step, ...] = (Walk.confirm, Walk.take_on)
TO_SEARCH = (*TO_REVIEW, Walk.approve)
TO_FINDINGS = (*TO_SEARCH, Walk.search)
TO_RELEASE = (*TO_FINDINGS, Walk.finish_review, Walk.build)
TO_DELETING = (*TO_FINDINGS, decided.propose_deletion, decided.agree_to_deletion, decided.wait_and_begin)
REFUSED = (*TO_REVIEW, Walk.refuse)
TOWN = {
    "field": "Town",
    "wrong": "Lodnon",
    "right": "London",
    "evidence": "It stands so on my invoice of May.",
}
NAME = {"field": "Family name", "wrong": "", "right": "Okafor-Lind", "evidence": "I married in June."}
CORRECTION = (Wanted("correction", {"fields": [TOWN, NAME]}),)
DELETION = (Wanted("deletion"),)
RESTRICTION = (Wanted("restriction", {"ground": "accuracy", "what": "My postal address"}),)
OBJECTION = (Wanted("objection", {"purposes": ["research", "personalise"], "reasons": "I work at night."}),)
MARKETING = (Wanted("objection", {"purposes": ["marketing"]}),)
CONSENT = (Wanted("withdraw_consent", {"consents": ["personalise"]}),)
DECISION = (Wanted("automated_decision", {"decision": "No yearly plan", "view": "I have always paid."}),)
OPT_OUT = (Wanted("opt_out_sale_share"),)
AGENT = AskedBy(Asker.AGENT, "Lou Amari", "lou@amari-law.example")
PARENT = AskedBy(Asker.GUARDIAN, "Pat Lindqvist", "pat.lindqvist@mail.example")
# What the form kept of who asks.
ASKERS: dict[str, dict[str, object]] = {
    Asker.SELF: {"who": "me"},
    Asker.AGENT: {"who": "agent", "agent_proof": "mandate"},
    Asker.GUARDIAN: {"who": "child", "child_age": "under_13", "child_relation": "parent"},
}
COMPLAINT = (Wanted("complaint", details="I asked twice by phone and was sent away."),)
# Whom no source has heard of: a second search can show at once that nothing is left.
UNKNOWN = "former.customer@unknown.example"

# Two processes take every other one: what takes longest, copies and sweeps, is spread over both.
STORIES: tuple[Story, ...] = (
    # This one stays where it is: the help desk shows a ticket of another address (cast.MERGED).
    Story(4, TO_SEARCH, place="ES", email=cast.MERGED.email),
    # And this one, as after a restore without the files: its copy cannot be put together until a new search.
    Story(15, (*TO_FINDINGS, Walk.finish_review, Walk.lose_findings)),
    Story(20, (*TO_RELEASE, Walk.release), (Wanted("confirmation"),), place="BR"),
    # The worker carries this copy to another company, and has a receipt; one more service waits for an approval.
    Story(
        12,
        (*TO_RELEASE, Walk.release, moving.send_to_wren, moving.name_an_old_address),
        (Wanted("portability"),),
        place="PT",
    ),
    # The worker puts this copy together as soon as it runs; then it waits to be released.
    Story(25, (*TO_FINDINGS, Walk.finish_review)),
    Story(7, TO_FINDINGS),
    Story(29, TO_FINDINGS),
    Story(10, TO_SEARCH),
    *(Story(days) for days in (0, 9)),
    *(Story(days, (Walk.confirm,)) for days in (0, 11, 18, 33)),
    *(Story(days, REFUSED) for days in (14, 31)),
    *(Story(days, (Walk.confirm, Walk.withdraw)) for days in (8, 36)),
    *(Story(days, (Walk.lapse,)) for days in (17, 58)),
    Story(6, (*TO_REVIEW, decided.ask), place="PT"),
    Story(12, (*TO_REVIEW, decided.forward), place="IE"),
    Story(22, (*REFUSED, decided.appeal), place="US-VA"),
    # Twice the same: once nobody has looked yet, once they were joined.
    Story(2, (Walk.confirm, decided.ask_again, Walk.confirm), place="DE"),
    Story(7, (*TO_REVIEW, decided.ask_again, Walk.confirm, decided.join_with_the_first), place="FR"),
    # California asks for more than a mailed code before it gives somebody's data out.
    Story(5, (Walk.confirm,), place="US-CA"),
    Story(3, (Walk.confirm,), place="FR", asker=AGENT),
    Story(1, TO_REVIEW, (*ACCESS, *CORRECTION, *DELETION), place="DE"),
    Story(9, (Walk.confirm,), DELETION, place="SE"),
    Story(8, TO_FINDINGS, DELETION, place="IT"),
    Story(11, (*TO_FINDINGS, decided.propose_deletion), DELETION, place="DE"),
    Story(3, TO_DELETING[:-1], DELETION, place="PT"),
    Story(
        24,
        (*TO_DELETING, decided.carry_out, Walk.search, decided.complete),
        DELETION,
        place="DE",
        email=UNKNOWN,
    ),
    Story(18, TO_DELETING, DELETION, place="GB"),
    Story(4, (*TO_REVIEW, decided.weigh), CORRECTION, place="GB"),
    Story(13, (*TO_REVIEW, decided.weigh, decided.accept_fields), CORRECTION, place="FR"),
    Story(26, (*TO_REVIEW, decided.weigh, decided.accept_fields, decided.carry_out), CORRECTION, place="DE"),
    Story(19, (*TO_REVIEW, decided.restrict, decided.carry_out), RESTRICTION, place="IT"),
    Story(
        35,
        (*TO_REVIEW, decided.restrict, decided.carry_out, decided.announce_the_lifting),
        RESTRICTION,
        place="SE",
    ),
    Story(5, (*TO_REVIEW, decided.weigh, decided.balance_one), OBJECTION, place="DE"),
    Story(2, (Walk.confirm,), MARKETING, place="PT"),
    Story(6, (Walk.confirm, decided.carry_out), CONSENT, place="FR"),
    Story(10, (*TO_REVIEW, decided.weigh), DECISION, place="DE"),
    Story(1, (), OPT_OUT, place="US-CA"),
    Story(7, (decided.carry_out,), OPT_OUT, place="US-CA"),
    Story(16, (Walk.confirm, decided.answer), (Wanted("grievance", details="Nobody answered me."),), "IN"),
    Story(4, (Walk.confirm,), (Wanted("portability"),), place="CH"),
    Story(3, (Walk.confirm,), place="IE", asker=PARENT),
    Story(2, (), (Wanted("limit_sensitive"),), place="US-CA"),
    Story(5, (Walk.confirm,), COMPLAINT, place="GB"),
    Story(6, TO_REVIEW, (Wanted("confirmation"),), place="BR"),
    Story(9, (*TO_RELEASE, Walk.release), (Wanted("third_party_list"),), place="US-OR"),
    # Her traces stand in tables that no map knows, in other people's words, and beside her household's.
    Story(6, (*TO_FINDINGS, Walk.look_beyond_the_maps), place="DE", email=cast.HOUSEMATE.email),
)


def tell_stories(*, part: int = 0, parts: int = 1) -> None:
    """Make those requests of the demo that are not there yet, or one part of them beside other processes.

    A start that was cut off goes on with the next one; the one it was at stays where it had come.
    """
    now = timezone.now()
    staff = accounts.ensure_staff()
    workers = cycle([staff[accounts.ROSA.email], staff[accounts.JONAS.email], staff[accounts.ANA.email]])
    world = World(as_of=now)
    others, places = _others(world), cycle(PLACES)
    for number, (story, worker) in enumerate(zip(STORIES, workers, strict=False)):
        # Everybody and every place is counted off in every part, so that each part has people of its own.
        who = _person(world, story.email) if story.email else next(others)
        place = story.place or next(places)
        if number % parts != part or _has_asked(who.email):
            continue
        walk = Walk(_begin(story, who, place), worker=worker, staff=staff)
        for step in story.steps:
            step(walk)


def _begin(story: Story, who: SubjectDetails, place: str) -> SubjectRequest:
    age = story.days_ago
    received_at = timezone.now() - timedelta(days=age, hours=age % 9 + 1, minutes=7 * age % 60)
    asked = submit_requests(
        channel=Channel.WEB,
        wanted=story.wanted,
        subject=SubjectDetails(who.name, who.email, asker=story.asker),
        place=place,
        language="en",
        received_at=received_at,
        by=Actor.system("web form"),
        answers=ASKERS[story.asker.asked_by],
    )
    return asked[0]


def _has_asked(email: str) -> bool:
    index = blind_index("email", email)
    return bool(SubjectRequest.objects.filter(subject_email_index=index).exists())


def _person(world: World, email: str) -> SubjectDetails:
    found = world.by_email.get(email)
    return _details(found) if found else SubjectDetails("Noor Visser", email)


def _others(world: World) -> Iterator[SubjectDetails]:
    """People of the company, each once; those with a part keep out, for the visitor to play."""
    return (_details(person) for person in world.people if not person.has_a_part)


def _details(person: Person) -> SubjectDetails:
    return SubjectDetails(person.name, person.email)
