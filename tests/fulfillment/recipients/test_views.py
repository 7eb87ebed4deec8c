"""The pages of recipients: setting one up, its history, the tab of a case, and what the person may read."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from fulfillment.changes.certificate import certificate_of
from fulfillment.recipients.answer import answer_by_token
from fulfillment.recipients.by_hand import note_ending
from fulfillment.recipients.endings import Ending
from fulfillment.recipients.models import Recipient, RecipientLetter, RecipientNotice
from fulfillment.recipients.panel import recipients_told
from fulfillment.recipients.send import deliver_letter
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, piet, rosa, staff
from tests.fulfillment.changes.shop import connect, end_all, fresh
from tests.fulfillment.recipients.cast import SECRET, erased, the_host, the_letter, the_notice, token_in
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
SAID = {
    "label": "Cloud Host Ltd",
    "disclosed_as": "hosting",
    "narrowed_to": ["shop/people"],
    "known_by": "shop/people/id",
    "way": "webhook",
    "mail_address": "",
    "language": "en",
    "url": "https://host.example/privacy",
    "secret": SECRET,
    "remind_after_days": "14",
    "enabled": "on",
}


@pytest.fixture
def owner() -> StaffMember:
    """Sol looks after the systems."""
    return staff("Sol Source", Role.SOURCE_OWNER)


def _page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_recipient_is_set_up_and_its_secret_is_never_shown(owner: StaffMember) -> None:
    connect()
    client = signed_in(owner)
    assert "No recipient is set up yet" in _page(client, "recipients:recipients")
    answer = client.post(reverse("recipients:new"), SAID)
    assert answer.status_code == 302, answer.content.decode()
    host = Recipient.objects.get()
    assert (host.key, host.narrowed_to) == ("cloud_host_ltd", ["shop/people"])
    page = _page(client, "recipients:recipient", host.key)
    assert SECRET not in page
    assert "1 secret signs." in page
    assert "A recipient was set up: cloud_host_ltd." in page
    assert "Cloud Host Ltd" in _page(client, "recipients:recipients")


def test_what_was_changed_stands_in_its_history_by_name(owner: StaffMember) -> None:
    connect()
    client = signed_in(owner)
    client.post(reverse("recipients:new"), SAID)
    changed = {**SAID, "secret": "whsec_" + "QkJC" * 8, "url": "https://host.example/two"}
    assert client.post(reverse("recipients:recipient", args=["cloud_host_ltd"]), changed).status_code == 302
    page = _page(client, "recipients:recipient", "cloud_host_ltd")
    assert "cloud_host_ltd was changed: url." in page
    assert "has a new signing secret" in page
    assert "2 secrets sign" in page


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"label": ""}, "Say what this recipient is called."),
        ({"url": "http://host.example/"}, "begins with https://"),
        ({"url": "https://user:word@host.example/"}, "without a user name"),
        ({"secret": "whsec_short"}, "24 to 64 bytes"),
        ({"secret": ""}, "Give the secret"),
        ({"known_by": ""}, "Pick by what this recipient knows a person"),
        ({"known_by": "shop/invoices/item"}, "Pick by what this recipient knows a person"),
        ({"narrowed_to": ["shop/invoices"]}, "do not say that such a recipient has all the places"),
        ({"way": "mail"}, "Give the mail address"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    owner: StaffMember, wrong: dict[str, object], why: str
) -> None:
    connect()
    answer = signed_in(owner).post(reverse("recipients:new"), {**SAID, **wrong})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert not Recipient.objects.exists()


def test_one_who_may_only_see_cannot_change_it() -> None:
    connect()
    the_host()
    client = signed_in(rosa())
    assert "<form" not in _page(client, "recipients:recipient", "cloud_host_ltd").split("<main")[1]
    answer = client.post(reverse("recipients:recipient", args=["cloud_host_ltd"]), SAID)
    assert answer.status_code == 403
    assert Recipient.objects.get().way == "mail"
    assert client.get(reverse("recipients:new")).status_code == 403


def test_the_tab_says_how_each_stands_and_whom_a_person_has_to_tell() -> None:
    connect()
    asked = a_request_in(S.EXECUTING)
    the_host(known_by="shop/people/email")
    client = signed_in(rosa())
    assert "Nobody has to be told yet" in _page(client, "recipients:notices", asked.reference)
    end_all(asked)
    page = _page(client, "recipients:notices", asked.reference)
    assert "1 recipient needs a person." in page
    assert "Payment processors" in page
    assert "Is being sent" in page
    assert "ada@example.org" not in page


def test_a_person_writes_down_what_came_of_it() -> None:
    connect()
    asked = erased()
    client = signed_in(rosa())
    address = reverse("recipients:notice", args=[the_notice().pk])
    for wrong, why in (
        ({}, "Say how it stands."),
        ({"outcome": "told"}, "Give the day"),
        ({"outcome": "disproportionate", "why": " "}, "Say why."),
        ({"outcome": "told", "on": "2031-01-01"}, "not after today"),
    ):
        answer = client.post(address, wrong)
        assert answer.status_code in (400, 422)
        assert why in answer.content.decode()
    reason = "Twenty thousand resellers, long gone."
    assert client.post(address, {"outcome": "disproportionate", "why": reason}).status_code == 302
    page = _page(client, "recipients:notices", asked.reference)
    assert "the effort would be disproportionate" in page
    assert reason in page
    assert signed_in(piet()).post(address, {"outcome": "done"}).status_code == 403


def test_a_letter_that_failed_is_said_and_sent_again(post: Mailbox) -> None:
    connect()
    the_host()
    asked = erased()
    post.answer = "550 gone"
    deliver_letter(letter_id=the_letter().pk, at=NOON)
    client = signed_in(rosa())
    assert "The letter could not be sent." in _page(client, "recipients:notices", asked.reference)
    assert "Send it again" in _page(client, "recipients:notice", the_notice().pk)
    assert client.post(reverse("recipients:again", args=[the_notice().pk])).status_code == 302
    assert the_letter().work_state == WorkState.WAITING


def test_the_certificate_names_who_was_told_and_when_and_who_was_not(post: Mailbox) -> None:
    connect()
    the_host()
    asked = erased()
    before = certificate_of(asked)
    assert before is not None
    assert (before.told, before.not_told) == ((), ("Cloud Host Ltd",))
    deliver_letter(letter_id=the_letter().pk, at=NOON)
    certificate = certificate_of(asked)
    assert certificate is not None
    assert [(each.name, each.on) for each in certificate.told] == [("Cloud Host Ltd", NOON.date())]
    assert certificate.not_told == ()


def test_the_persons_own_page_lists_those_who_had_the_data() -> None:
    connect()
    the_host(known_by="shop/people/email")
    asked = a_request_in(S.EXECUTING)
    end_all(asked)
    token = token_in(RecipientLetter.objects.get().secrets["answer_url"])
    answer_by_token(token=token, ending="done", why="", at=NOON)
    payments = RecipientNotice.objects.get(disclosed_as="payments")
    by = Actor.staff(rosa())
    note_ending(notice_id=payments.pk, ending=Ending.IMPOSSIBLE, why="It was wound up.", by=by, at=NOON)
    shown = recipients_told(RequestFactory().get("/"), fresh(asked))
    assert shown is not None
    assert [(each.name, each.on, each.why_not) for each in shown["told"]] == [
        ("Cloud Host Ltd", NOON.date(), ""),
        ("Payment processors", None, "It was wound up."),
    ]
