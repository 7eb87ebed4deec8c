"""Our letterhead around what a letter says: the same facts for the PDF and for the text."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from requests_app import days
from requests_app.left_to_right import marked
from requests_app.letters.blocks import Block, from_plain
from requests_app.letters.languages import Frame, frame_of, is_rtl
from requests_app.letters.text import text_of
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import Asker, SubjectRequest
from requests_app.policy.company import COMPANY


@dataclass(frozen=True)
class Letterhead:
    """To whom, when, about which request; `facts` are label and value, in the person's language."""

    name: str
    address: str
    facts: tuple[tuple[str, str], ...]


def letterhead(subject_request: SubjectRequest, *, on: date) -> Letterhead:
    """The head of a letter to a person, in the language of the request."""
    frame = frame_of(subject_request.language)
    received = day_of(subject_request, subject_request.received_at)
    with translation.override(subject_request.language):
        return Letterhead(
            name=_reader(subject_request),
            address=subject_request.contact_address,
            facts=(
                (frame.date, days.day(on)),
                (frame.reference, subject_request.reference),
                (frame.received, days.day(received)),
                (frame.due, days.day(subject_request.response_due_on)),
            ),
        )


def as_text(head: Letterhead, title: str, blocks: Iterable[Block], *, language: str) -> str:
    """A letter as plain text."""
    frame = frame_of(language)
    contact = f"{COMPANY.contact.mail} · {COMPANY.contact.phone}"
    lines = [_sender(frame), contact, ""]
    lines += [*filter(None, (head.name, head.address)), ""]
    lines += [f"{label}: {value}" for label, value in head.facts]
    signed = f"--\n{_sender(frame)}\n{contact}"
    text = "\n".join(lines) + f"\n\n{title}\n{'=' * len(title)}\n\n{text_of(blocks)}\n\n{signed}\n"
    return marked(text) if is_rtl(language) else text


def as_html(content: dict[str, Any], title: str, *, language: str) -> str:
    """A letter before it is set as a PDF, from what is kept of it."""
    frame = frame_of(language)
    before, between = frame.page.split("{page}")[0], frame.page.split("{page}")[1].split("{pages}")[0]
    head = content["head"]
    named = {
        "title": title,
        "head": head,
        "reference": content["reference"],
        "blocks": from_plain(content["blocks"]),
        "frame": asdict(frame) | {"before_page": before, "before_pages": between},
        "language": language,
        "direction": "rtl" if is_rtl(language) else "ltr",
        "company": COMPANY,
        "sender": _sender(frame),
    }
    return render_to_string("documents/plain_letter.html", named)


def _sender(frame: Frame) -> str:
    return f"{COMPANY.controller}{frame.comma}{frame.office}"


def _reader(subject_request: SubjectRequest) -> str:
    """Whoever reads what is sent to the contact address."""
    if subject_request.asked_by == Asker.GUARDIAN and subject_request.asker_email:
        return str(subject_request.asker_name)
    return str(subject_request.subject_name)
