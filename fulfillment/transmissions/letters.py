"""The letter about a copy for another service: to whom it went, with which hash, which receipt came, or why not."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_lazy as to_staff

from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.states import TransmissionState as S
from requests_app import days
from requests_app.correspondence import facts as f
from requests_app.correspondence.kinds import LETTER_GROUP
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.samples import sample as notice_sample
from requests_app.decisions.final_letter import write_final_letter
from requests_app.letters.blocks import Block, Heading, bullets, paragraph, table
from requests_app.letters.kinds import Context, Kind, Shipped, Words, add_kind
from requests_app.letters.models import Letter
from requests_app.letters.text import blocks_of
from requests_app.lifecycle.models import SubjectRequest

FACTS = f.block(
    "facts", to_staff("To whom it went, with which hash, which receipt came, or why not"), lambda of: of.facts
)
PLACEHOLDERS = (f.REFERENCE, FACTS, f.PAGE_LINK, f.WAYS, f.APPEAL_UNTIL, f.AUTHORITY)
_TITLE = lazy("Your copy for another service, {{ reference }}")
_THERE, _HERE = f"{FACTS.token}", f"{FACTS.token}\n\n{f.WAYS.token}"
# Letter → what staff call it, and its words.
NAMED: dict[str, tuple[Words, Words, str]] = {
    "service_received": (
        to_staff("A copy for another service: received"),
        lazy(
            "The service that you named for your request {{ reference }} has confirmed that it received your copy."
        ),
        _THERE,
    ),
    "service_unconfirmed": (
        to_staff("A copy for another service: not confirmed"),
        lazy(
            "We sent the copy of your request {{ reference }} to the service that you named. That the right file "
            "arrived there is not proven."
        ),
        _HERE,
    ),
    "service_without": (
        to_staff("A copy for another service: not handed over"),
        lazy("The copy of your request {{ reference }} was not handed to the service that you named."),
        _HERE,
    ),
}
_OF_STATE = {
    S.RECEIVED: "service_received",
    S.UNCONFIRMED: "service_unconfirmed",
    S.DISPUTED: "service_unconfirmed",
    S.REFUSED: "service_without",
    S.DECLINED: "service_without",
    S.FAILED: "service_without",
}


def add_sendings() -> None:
    """Make these letters known; called once, at start-up."""
    proves = to_staff("it says to whom a copy went, or why to nobody")
    needs = (f.SAYS_REFERENCE, f.needed(to_staff("the facts"), proves, ("facts",)))
    for key, (label, opening, rest) in NAMED.items():
        shipped = Shipped(_TITLE, format_lazy("{}\n\n{}", opening, rest))
        add_kind(Kind(key, label, LETTER_GROUP, PLACEHOLDERS, needs, sample, shipped))


def write_about(transmission: Transmission, *, at: datetime) -> Letter | None:
    """Write how a transmission ended, in the transaction that ends it; None for what the person took back."""
    key = _OF_STATE.get(S(transmission.state))
    if key is None:
        return None
    subject_request: SubjectRequest = transmission.subject_request
    return write_final_letter(
        key,
        partial(_facts, transmission),
        subject_request=subject_request,
        at=at,
        is_certificate=transmission.state == S.RECEIVED,
        portal_url=portal_link(),
    )


def _facts(transmission: Transmission) -> tuple[Block, ...]:
    sending = Sending.objects.filter(transmission=transmission).first()
    blocks: list[Block] = [_whom(transmission)]
    if transmission.state != S.RECEIVED:
        blocks += [Heading(_("Why")), *_why(transmission)]
    if sending is not None and sending.begun_at is not None:
        blocks += [Heading(_("What was sent")), _sent(sending)]
        if transmission.state == S.FAILED or transmission.state == S.DECLINED:
            blocks.append(paragraph(_("Sending had begun: we cannot say that no part of it arrived there.")))
    if sending is not None and sending.receipt:
        blocks += [Heading(_("Their receipt")), _receipt(sending)]
    if transmission.state != S.RECEIVED:
        words = _(
            "Your own copy stays on your page as long as it is kept there, and you can bring it there yourself."
        )
        blocks.append(paragraph(words))
    return tuple(blocks)


def _whom(transmission: Transmission) -> Block:
    rows = [
        (_("Named by you"), transmission.recipient_name),
        (_("Address"), transmission.endpoint.text),
        (_("Known there as"), transmission.known_as),
        (_("Confirmed by you"), _moment(transmission.confirmed_at)),
        (_("Approved by us"), _moment(transmission.decided_at) if transmission.state != S.REFUSED else ""),
    ]
    return _rows(_("The other service"), rows)


def _why(transmission: Transmission) -> list[Block]:
    said = [transmission.words, str(transmission.get_why_display()) if transmission.why else ""]
    return [*(paragraph(each) for each in said if each), *blocks_of(transmission.reason)]


def _sent(sending: Sending) -> Block:
    rows = [
        (_("Key of the sending"), str(sending.pk)),
        (_("Size"), filesizeformat(sending.size)),
        (_("Files"), str(sending.part_count)),
        ("SHA-256", sending.sha256),
        (_("All of it was sent"), _moment(sending.sent_at)),
    ]
    return _rows(_("The package"), rows)


def _receipt(sending: Sending) -> Block:
    said = sending.receipt
    signed = _("Yes, with the key that they named before") if sending.receipt_is_signed else _("No")
    rows = [
        (_("Came to us"), _moment(sending.receipted_at)),
        (_("Says it was received"), str(said.get("received_at", ""))),
        (_("SHA-256 that they counted"), str(said.get("sha256", ""))),
        (_("Signed by them"), signed),
        (_("Their signature"), str(said.get("signature", ""))),
        (_("Their key"), sending.receipt_key if sending.receipt_is_signed else ""),
    ]
    return _rows(_("What they confirmed"), rows)


def _rows(caption: str, rows: Iterable[tuple[str, str]]) -> Block:
    return table(caption, [_("What"), _("As it is")], [row for row in rows if row[1]])


def _moment(value: datetime | None) -> str:
    return f"{days.moment(value)} {timezone.get_current_timezone_name()}" if value else ""


def sample() -> Context:
    """The letter to nobody."""
    rows = (
        ("Named by you", "Example Services"),
        ("Address", "https://import.example.org/portability"),
        ("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    )
    facts: tuple[Block, ...] = (
        table("The other service", ("What", "As it is"), rows),
        bullets(["Confirmed on 6 January 2027."]),
    )
    return {**notice_sample(), "facts": facts}
