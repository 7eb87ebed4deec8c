"""The facts of nobody, with which words are tried before they are sent."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from requests_app.correspondence.links import portal_link
from requests_app.letters.kinds import Context
from requests_app.policy.company import COMPANY

REFERENCE, OTHER = "OM-7K2M-9QXA", "OM-4WTR-8HPE"
DUE, BEFORE, LAST = date(2027, 3, 8), date(2027, 1, 6), date(2027, 2, 19)
ENDS = datetime(2027, 2, 17, 11, 0, tzinfo=UTC)
EXPIRES = datetime(2027, 1, 6, 17, 42, tzinfo=UTC)


def sample() -> Context:
    """What a notice is composed with, for a request that nobody made."""
    return {
        "reference": REFERENCE,
        "references": [REFERENCE],
        "company": COMPANY,
        "zone": COMPANY.time_zone,
        "portal_url": portal_link(),
        "due_on": DUE,
        "waits_until": ENDS,
        "until": LAST,
        "lapses_on": LAST,
        "expires_at": EXPIRES,
        "copy_days": 30,
        "arrival": "Nothing has to be confirmed: we are working on it.",
        "reason": "We have settled what was disputed.",
        "why": "The picture shows another person's name.",
        "is_appeal": False,
        "is_received": False,
        "is_unconfirmed": False,
        "offered": True,
        "stops": True,
        "right": "Delete my information",
        "link": "[[link]]",
        "code": "[[code]]",
        "cancel_url": "[[cancel_url]]",
        "objection_url": "[[objection_url]]",
        "records": 48,
        "sources": 3,
        "kept": 7,
        "outcome": "granted",
        "moved": SimpleNamespace(before=BEFORE, after=DUE, reason="Your request is unusually large."),
        "asked": SimpleNamespace(price="12.50 EUR"),
        "subject_request": SimpleNamespace(
            language="", linked_to=SimpleNamespace(reference=OTHER, response_due_on=DUE)
        ),
        "ending": _ending(),
    }


def _ending() -> SimpleNamespace:
    ways = (
        SimpleNamespace(text="You can ask us to decide again until 15 April 2027. (§ 12 Example Act)"),
        SimpleNamespace(text="You can complain to the authority at any time: Example Authority."),
    )
    part = SimpleNamespace(
        label="Delivery address",
        decision="Corrected",
        ground="",
        cite="",
        words="We saw the letter of your landlord.",
    )
    return SimpleNamespace(
        answer="We have corrected part of what you named. The rest we left as it was.",
        ground="A law obliges us to keep it.",
        cite="§ 7(3)",
        law="the Example Act",
        words="Your invoices stay until their time is over.",
        is_contested_here=True,
        ways=ways,
        regulator="Example Authority",
        appeal_until=date(2027, 4, 15),
        parts=(part,),
    )
