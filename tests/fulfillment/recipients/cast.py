"""Recipients of the shop, and deletions that concern them."""

import re
from dataclasses import replace

from fulfillment.recipients.models import Recipient, RecipientLetter, RecipientNotice, Way
from fulfillment.recipients.save import RecipientDetails, add_recipient
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Role
from tests.factories import NOON, staff
from tests.fulfillment.changes.shop import connect, end_all, erasing

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
    """A deletion that was carried out in the shop."""
    asked = erasing(**details)
    end_all(asked)
    return asked


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
