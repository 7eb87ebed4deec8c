"""Recipients of the shop, and deletions that concern them."""

import re
from dataclasses import replace

from fulfillment.recipients.models import Recipient, RecipientLetter, RecipientNotice, Way
from fulfillment.recipients.save import RecipientDetails, add_recipient
from fulfillment.sources.models import DataSource
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Role
from tests.factories import NOON, staff
from tests.fulfillment.changes.shop import STRANGERS, complete, connect, end_all, erasing, now_holds, search

SECRET = "whsec_" + "QUFB" * 8
HOST = RecipientDetails(
    label="Cloud Host Ltd",
    disclosed_as="hosting",
    way=Way.MAIL,
    known_by="shop/people/id",
    mail_address="privacy@host.example",
)


def sol() -> Actor:
    """Sol looks after the sources, and after those who have data from us."""
    return Actor.staff(staff("Sol Source", Role.SOURCE_OWNER))


def the_host(**details: object) -> Recipient:
    """The hosting provider, which has the accounts of the shop and knows people by their number."""
    return add_recipient(details=replace(HOST, **details), by=sol(), at=NOON)


def called_host(url: str, **details: object) -> Recipient:
    """The same, told by a signed call."""
    return the_host(way=Way.WEBHOOK, url=url, secret=SECRET, **details)


def erased(**details: object) -> SubjectRequest:
    """A deletion that was carried out in every source, seen to be so, and completed."""
    asked = erasing(**details)
    end_all(asked)
    return seen_and_completed(asked)


def seen_and_completed(asked: SubjectRequest) -> SubjectRequest:
    """The second search finds nobody but strangers, and Rosa completes the request."""
    for source in DataSource.objects.all():
        now_holds(source, people=STRANGERS)
    search(asked)
    return complete(asked)


def erased_in_the_shop() -> SubjectRequest:
    """The same, with the shop connected first."""
    connect()
    return erased()


def the_notice() -> RecipientNotice:
    """The only one."""
    return RecipientNotice.objects.get()


def the_letter() -> RecipientLetter:
    """The only one."""
    return RecipientLetter.objects.get()


def token_in(text: str) -> str:
    """The token of the link in a letter."""
    found = re.search(r"/recipient/([0-9a-f]{64})", text)
    assert found, text
    return found[1]
