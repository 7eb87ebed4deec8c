"""Every right, and every way in which a request of it ends: which letters the person keeps of it."""

import pytest

from fulfillment.bundles.selectors import outcome_of
from fulfillment.changes.certify.kinds import Extent, key_of
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.transmissions.letters import NAMED as SERVICES
from requests_app.audit.actors import Actor
from requests_app.correspondence.notices import LETTERS, Notice
from requests_app.decisions.statements.kinds import NAMED as STATEMENTS
from requests_app.letters.kinds import kinds
from requests_app.letters.models import Letter
from requests_app.letters.selectors import letters_of
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import Arrow, arrows
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import CLOSED
from requests_app.lifecycle.states import RequestState as S
from tests.factories import SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.shop import STRANGERS, complete, connect, end_all, erasing, now_holds, search
from tests.fulfillment.transmissions.cast import released_move
from tests.walking import make

# What holds from now on is an answer too, and so is what is said before it ends.
ANSWERED = CLOSED | {S.IN_FORCE, S.LIFTING_ANNOUNCED}
STEPS = [(code, arrow) for code, right in RIGHTS.items() for arrow in arrows(right.machine)]
ENDINGS = [(code, arrow) for code, arrow in STEPS if arrow.target in ANSWERED]
SEARCHED = frozenset(
    {
        S.FULFILLING,
        S.CHECKING,
        S.PREPARING,
        S.AWAITING_RELEASE,
        S.AWAITING_APPROVAL,
        S.WAITING_PERIOD,
    }
)
CHANGES = {
    Operation.CORRECT: ChangeKind.CORRECT,
    Operation.SUPPRESS: ChangeKind.SUPPRESS,
    Operation.RESTRICT: ChangeKind.RESTRICT,
}
OF_EVERY_RIGHT = {
    Move.WITHDRAW: {"withdrawn"},
    Move.LAPSE: {"lapsed"},
    Move.FORWARD: {"forwarded"},
    Move.JOIN: {"joined"},
    Move.REFUSE: {"refused"},
    Move.DELIVER: {"copy_handed_over"},
    Move.CLOSE_UNFETCHED: {"copy_expired"},
    Move.COMPLETE: {key_of(ChangeKind.ERASE, Extent.FULL)},
    Move.LET_STAND: {"answered", "statement_review_stands"},
    Move.UPHOLD_APPEAL: {"answered", "statement_appeal_upheld"},
    Move.ANNOUNCE_LIFTING: {"lifting_announced"},
    Move.KEEP_IN_FORCE: {"kept_in_force"},
    Move.FINISH_LIFTING: {"lifted"},
}


def papers(code: str, arrow: Arrow) -> set[str]:
    """The letters that the person keeps of this step."""
    if arrow.move is Move.ANSWER:
        return {"answered", f"statement_{code}"}
    if arrow.move is Move.FINISH_EXECUTION:
        told = Notice.IN_FORCE if arrow.target is S.IN_FORCE else Notice.ANSWERED
        change = CHANGES.get(RIGHTS[code].operation)
        proof = key_of(change, Extent.FULL) if change else "statement_review_changed"
        return {told.value, proof}
    beside = {"statement_appeal_stands"} if (code, arrow.move) == ("appeal", Move.REFUSE) else set()
    return OF_EVERY_RIGHT[arrow.move] | beside


@pytest.mark.parametrize(
    ("code", "arrow"), ENDINGS, ids=lambda each: each if isinstance(each, str) else each.move
)
def test_no_way_in_which_a_request_ends_lacks_its_letter(code: str, arrow: Arrow) -> None:
    known = {kind.key for kind in kinds()}
    assert papers(code, arrow)
    assert papers(code, arrow) <= known


def test_no_kind_of_letter_is_written_by_nobody() -> None:
    """What is beside the ends: on the way, in part, and to other services."""
    on_the_way = {
        Notice.RECEIVED,
        Notice.IDENTITY_CONFIRMED,
        Notice.LESSENED,
        Notice.DATE_MOVED,
        Notice.QUESTION_ASKED,
        Notice.FEE_ASKED,
        Notice.COPY_TAKEN_BACK,
    }
    extents = {key_of(change, extent) for change in CHANGES.values() for extent in Extent}
    nothing = {key_of(change, Extent.NOTHING) for change in CHANGES.values()}
    erasures = {key_of(ChangeKind.ERASE, extent) for extent in Extent}
    written = {key for code, arrow in ENDINGS for key in papers(code, arrow)}
    written |= on_the_way | (extents - nothing) | erasures | set(SERVICES) | {"statement_review_partly"}
    of_letters = {*LETTERS, *STATEMENTS, *SERVICES, "copy_handed_over"}
    of_letters |= {kind.key for kind in kinds() if kind.key.startswith("certificate_")}
    assert of_letters == written


def at_the_source(code: str, arrow: Arrow) -> SubjectRequest:
    """A request that stands before the step."""
    if arrow.move is Move.COMPLETE:
        shop = connect(invoices=[])
        asked = erasing()
        end_all(asked)
        now_holds(shop, people=STRANGERS, invoices=[])
        search(asked)
        return asked
    if arrow.source is S.READY:
        return SubjectRequest.objects.get(pk=released_move(code).subject_request_id)
    if arrow.source in SEARCHED:
        connect()
    return a_request_in(arrow.source, right=code)


def ends(arrow: Arrow, asked: SubjectRequest) -> None:
    """Make the step as it is really made."""
    if arrow.move is Move.COMPLETE:
        complete(asked)
    elif arrow.move is Move.DELIVER:
        given = {"outcome": outcome_of(asked.bundles.get())}
        perform(subject_request_id=asked.pk, move=arrow.move, by=SYSTEM, at=asked.state_since, given=given)
    elif arrow.move in (Move.FINISH_EXECUTION, Move.FINISH_LIFTING):
        for task in ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN):
            ending = Ending(state=ChangeState.DONE, records_changed=1)
            end_change(task_id=task.pk, ending=ending, by=Actor.staff(rosa()), at=asked.state_since)
    else:
        make(arrow.move, asked)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "arrow"), ENDINGS, ids=lambda each: each if isinstance(each, str) else each.move
)
def test_the_letters_of_every_ending_are_written(
    code: str, arrow: Arrow, settings, tmp_path, monkeypatch
) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    asked = at_the_source(code, arrow)
    before = letters_of(asked).count()
    ends(arrow, asked)
    assert SubjectRequest.objects.get(pk=asked.pk).state == arrow.target
    written = Letter.objects.filter(subject_request=asked, number__gt=before)
    assert {letter.kind for letter in written} == papers(code, arrow)
    if arrow.target in (S.REFUSED, S.LAPSED):
        assert any("complain to the authority" in letter.text for letter in written)
