"""What the people with the canary word in every field ask for, each to its end."""

import re
from datetime import timedelta

from django.utils import timezone

from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from omne_dsar.demo.journey.browser import Browser
from omne_dsar.demo.journey.people import StaffMember
from requests_app.identity.models import ProofState, Verification
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.archive import ANN, connect_archive
from tests.canary import WORD
from tests.journeys.canary_cast import Asking, Desk, Home, address, comes_to, send
from tests.proofs import POINTS
from tests.waiting import wait_until

PAPER = b"%%PDF-1.7\n%% %s\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n" % WORD.encode()
QUESTION = "/requests/yours/question/"


def ada_fetches_her_copy(home: Home, desk: Desk) -> None:
    """Access under a law that wants more proof: paper, answers, a question, something withheld, and the copy.

    One of the sources is a person, who hands in a record and a document.
    """
    connect_archive()
    ada = home.of("ada", place="US")
    ada.ask_for("access", region={"place": "US-CA"})
    ada.confirm()
    _proves_who_she_is(ada, home, desk)
    ana = desk.ana(ada)
    send(ana.browser, f"{ana.case}ask/", {"topic": "clarification", "words": f"Which {WORD} do you mean?"})
    send(ada.browser, QUESTION, {"answer": f"The {WORD} of Birch Lane."})
    ana.approve_search()
    _ann_looks_in_the_archive(home)
    home.look_around()
    ana.wait_for_stage("Reviewing findings")
    _withhold(ana, "visits")
    ana.finish_review()
    ana.wait_for_stage("For approval")
    desk.piet(ada).release()
    ada.download(home.folder / "at-home.zip")
    home.look_around()


def _proves_who_she_is(ada: Asking, home: Home, desk: Desk) -> None:
    send(
        ada.browser,
        "/requests/yours/proof/document/",
        {},
        files={"file": (f"{WORD}.pdf", PAPER, "application/pdf")},
    )
    home.look_around()
    _judges(desk, ada, {"reject": "yes", "reason": f"{WORD} cannot be read."})
    points = {key: f"{WORD} {key}" for key in POINTS[:3]}
    signed = {"declared": "on", "signature": ada.name}
    send(ada.browser, "/requests/yours/proof/data_match/", {**points, **signed})
    home.look_around()
    _judges(desk, ada, {"accept": "yes", **dict.fromkeys(points, "matches")})
    comes_to(ada, RequestState.IN_REVIEW)


def _judges(desk: Desk, asked: Asking, said: dict[str, str]) -> None:
    ana = desk.ana(asked)
    given = Verification.objects.get(subject_request__reference=asked.reference, state=ProofState.GIVEN)
    page = f"{ana.case}identity/{given.pk}/"
    send(ana.browser, page, {}, to=f"{page}look/")
    send(ana.browser, page, said)


def _ann_looks_in_the_archive(home: Home) -> None:
    """By the link and the code that are mailed to her."""
    link = home.link_mailed_to(ANN, "/task/link/")
    ann = Browser(home.url)
    send(ann, link, {}, to=f"{link}code/")
    send(ann, link, {"code": home.post.new_code(ANN, subject_has="", seen=frozenset())})
    records = f"number,email,about\n7,{address('ada')},Contract of {WORD}\n".encode()
    file = {"file": (f"{WORD}.csv", records, "text/csv")}
    send(ann, "/task/", {"collection": "folders"}, to="/task/records/", files=file)
    paper = {"paper": (f"{WORD}.pdf", PAPER, "application/pdf")}
    send(
        ann, "/task/", {"collection": "papers", "label": f"{WORD} letter"}, to="/task/document/", files=paper
    )
    home.look_around()
    send(ann, "/task/", {"held": "found", "note": f"{WORD} is in two folders."}, to="/task/answer/")


def _withhold(ana: StaffMember, collection: str) -> None:
    listed = ana.browser.open(f"{ana.case}items/").text
    found = re.search(
        rf'href="({ana.case}items/[0-9a-f-]{{36}}/)"[^>]*>[^<]*{collection}', listed, re.IGNORECASE
    )
    assert found, f"no {collection} among the findings"
    ground = re.search(r'<option value="([a-z0-9_.-]+)"', ana.browser.open(found[1]).text)
    assert ground, "the law of the request knows no ground"
    said = {"decision": "withhold", "reason_code": ground[1], "note": f"About {WORD}."}
    ana.browser.submit(said)


def bo_is_deleted(home: Home, desk: Desk) -> None:
    """Deletion, to the certificate."""
    bo = home.of("bo")
    reference = bo.ask_for("deletion")
    bo.confirm()
    ana = desk.ana(bo)
    ana.approve_search()
    ana.wait_for_stage("Reviewing findings")
    _looked_into(ana)
    ana.browser.open(f"{ana.case}dry-run/").submit({"read": "on"})
    piet = desk.piet(bo)
    agreed = {"read": "on", "identity_seen": "on", "typed": reference}
    piet.browser.open(f"{piet.case}dry-run/").submit(agreed)
    waiting = SubjectRequest.objects.filter(reference=reference, state=RequestState.WAITING_PERIOD)
    # What a week does.
    assert waiting.update(waits_until=timezone.now() - timedelta(seconds=1)) == 1
    comes_to(bo, RequestState.CONFIRMING)
    home.look_around()
    desk.ana(bo).browser.open(f"{ana.case}result/").submit({}, action="/result/")
    comes_to(bo, RequestState.COMPLETED)


def _looked_into(ana: StaffMember) -> None:
    page = f"{ana.case}dry-run/"
    wait_until(lambda: "Nothing stands in the way" in ana.browser.open(page).text, seconds=90)


def cy_is_refused(home: Home, desk: Desk) -> None:
    """Access, refused in words about Cy."""
    cy = home.of("cy")
    cy.ask_for("access")
    cy.confirm()
    ana = desk.ana(cy)
    page = ana.browser.open(f"{ana.case}moves/refuse/")
    page.submit({"code": "no_data_held", "reason": f"Nothing of {WORD} was found."}, action="/moves/refuse/")
    comes_to(cy, RequestState.REFUSED)


def dee_stays_as_she_is(home: Home, desk: Desk) -> None:
    """A correction that is weighed, what is disputed restricted meanwhile, and refused field by field."""
    dee = home.of("dee")
    wrong = {
        "field_0": "Street",
        "wrong_0": f"{WORD} Lane",
        "right_0": f"{WORD} Road",
        "evidence_0": f"{WORD} bill",
    }
    dee.ask_for("correction", correction=wrong)
    dee.confirm()
    ana = desk.ana(dee)
    send(ana.browser, f"{ana.case}moves/weigh/", {})
    home.look_around()
    said = {"decision_1": "reject", "ground_1": "not_inaccurate", "note_1": f"{WORD} Lane it is."}
    send(ana.browser, f"{ana.case}decide/", said)
    comes_to(dee, RequestState.REFUSED)
    nothing_is_owed(dee, home, desk)


def eva_wants_no_marketing(home: Home, desk: Desk) -> None:
    """An objection that needs no weighing, carried out by hand."""
    eva = home.of("eva")
    eva.ask_for("stop_marketing")
    eva.confirm()
    comes_to(eva, RequestState.EXECUTING)
    nothing_is_owed(eva, home, desk)
    comes_to(eva, RequestState.COMPLETED)


def fay_does_not_want_what_an_agent_asked(home: Home) -> None:
    """Somebody asks for Fay, who takes it back."""
    fay = home.of("fay")
    agent = {"name": f"Agnes {WORD}", "email": address("agnes"), "proof": "person"}
    fay.ask_for("access", who={"who": "agent"}, agent=agent)
    fay.confirm()
    send(fay.browser, "/requests/yours/withdraw/", {"reason": f"{WORD} never asked me."})
    comes_to(fay, RequestState.WITHDRAWN)
    home.look_around()


def gil_leaves_half_way(home: Home) -> None:
    """A form that nobody sent."""
    home.of("gil").begin()
    home.look_around()


def nothing_is_owed(asked: Asking, home: Home, desk: Desk) -> None:
    """Sources do their part by themselves; Ana ends what they leave to a person, with words and a paper to show."""
    changes = ChangeTask.objects.filter(subject_request__reference=asked.reference, state=ChangeState.OPEN)
    said = {"ending": "done", "records_changed": "1", "note": f"{WORD} is off.", "receipt": f"Job {WORD}"}
    paper = {"file": (f"{WORD}.pdf", PAPER, "application/pdf")}

    def nothing_is_open() -> bool:
        for task in changes.filter(hand=Hand.PERSON):
            send(desk.ana(asked).browser, f"/staff/changes/{task.pk}/", said, files=paper)
        return not changes.exists()

    wait_until(nothing_is_open, seconds=90)
    home.look_around()
