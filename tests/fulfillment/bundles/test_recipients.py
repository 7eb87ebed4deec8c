"""The letter names who received the data, and who was told of earlier requests and when."""

from datetime import date

import pytest

from fulfillment.bundles.contents import ToldContent
from fulfillment.bundles.formats.pdf import letter_html
from fulfillment.bundles.recipients import recipient_names, told
from fulfillment.findings.selectors import findings_of
from fulfillment.recipients.answer import answer_by_token
from fulfillment.recipients.by_hand import note_ending
from fulfillment.recipients.endings import Ending
from fulfillment.recipients.models import RecipientLetter, RecipientNotice
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import AnswerScope, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks, rosa
from tests.fulfillment.bundles.samples import answer, small_answer
from tests.fulfillment.changes.shop import STRANGERS, connect, end_all, search
from tests.fulfillment.recipients.cast import the_host, token_in

pytestmark = pytest.mark.django_db
TOLD = (
    ToldContent("Cloud Host Ltd", "correct", date(2026, 11, 3)),
    ToldContent("Payment processors", "erase", None, "It was wound up."),
    ToldContent("Mailer", "restrict", None),
)


def _names(**host: object) -> dict[str, tuple[str, ...]]:
    connect()
    the_host(**host)
    asked = a_request_in(S.FULFILLING)
    search(asked)
    return recipient_names(findings_of(asked))


def test_a_recipient_that_had_some_of_what_was_found_is_named() -> None:
    assert _names() == {"Hosting providers": ("Cloud Host Ltd",)}


def test_one_that_never_had_any_of_it_is_not() -> None:
    connect("archive", label="Archive", people=STRANGERS)
    assert _names(narrowed_to=("archive/people",), known_by="archive/people/id") == {}


def test_one_that_is_no_longer_in_use_is_not() -> None:
    assert _names(enabled=False) == {}


@pytest.fixture
def restricted() -> SubjectRequest:
    """Ada's restriction: the host has answered, the payment processors no longer exist."""
    connect()
    the_host(known_by="shop/people/email")
    asked = a_request_in(S.EXECUTING)
    end_all(asked)
    token = token_in(RecipientLetter.objects.get().secrets["answer_url"])
    answer_by_token(token=token, ending="done", why="", at=NOON)
    payments = RecipientNotice.objects.get(disclosed_as="payments")
    by = Actor.staff(rosa())
    note_ending(notice_id=payments.pk, ending=Ending.IMPOSSIBLE, why="It was wound up.", by=by, at=NOON)
    return asked


def test_who_was_told_of_an_earlier_request_of_the_person_is_known_with_the_day(
    restricted: SubjectRequest,
) -> None:
    assert told(ada_asks()) == (
        ToldContent("Cloud Host Ltd", "restrict", NOON.date()),
        ToldContent("Payment processors", "restrict", None, "It was wound up."),
    )


def test_nobody_else_reads_of_it_and_no_request_tells_of_itself(restricted: SubjectRequest) -> None:
    assert told(ada_asks(email="bo@example.org")) == ()
    assert told(restricted) == ()


def test_the_letter_says_names_beside_the_kind_and_asks_where_there_is_none() -> None:
    letter = letter_html(
        small_answer(recipient_names={"Hosting providers": ("Cloud Host Ltd", "Other Host")})
    )
    assert 'Hosting providers: <span dir="ltr">Cloud Host Ltd, Other Host</span>' in letter
    assert '<th scope="row">Customer service providers</th>' in letter
    assert "Where no name stands here, you can ask us for it." in letter


def test_the_letter_says_who_was_told_of_what_and_when_or_why_not() -> None:
    letter = letter_html(small_answer(told=TOLD))
    for words in (
        "Whom we told of your earlier requests",
        '<span dir="ltr">Cloud Host Ltd</span></th><td>Correction</td><td>3 November 2026</td>',
        "<td>Erasure</td><td>Not told: It was wound up.</td>",
        "<td>Restriction</td><td>Not told yet</td>",
    ):
        assert words in letter


def test_after_a_deletion_it_says_so_though_nothing_is_held_any_more() -> None:
    letter = letter_html(answer(told=TOLD))
    assert "No, we hold no information about you" in letter
    assert "Cloud Host Ltd" in letter


def test_without_earlier_requests_the_letter_is_silent_about_them() -> None:
    assert "earlier requests" not in letter_html(small_answer())


@pytest.mark.parametrize(
    ("scope", "says"),
    [(AnswerScope.RECIPIENTS, True), (AnswerScope.CATEGORIES, False), (AnswerScope.CONFIRMATION, False)],
)
def test_a_lesser_answer_names_nobody_and_a_list_of_recipients_does(scope: AnswerScope, says: bool) -> None:
    names = {"Hosting providers": ("Cloud Host Ltd",)}
    letter = letter_html(small_answer(scope=scope, recipient_names=names, told=TOLD))
    assert ("Hosting providers: Cloud Host Ltd" in letter) is says
    assert ("Whom we told" in letter) is says
