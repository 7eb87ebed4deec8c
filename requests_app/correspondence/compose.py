"""How a notice with its context becomes subject, text and HTML."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils import timezone, translation

from requests_app.correspondence.notices import Notice
from requests_app.jurisdictions.load import jurisdiction
from requests_app.left_to_right import marked, marked_html
from requests_app.letters.blocks import Block, Paragraph
from requests_app.letters.compose import Said, said_by_mail, said_in, shipped_mail
from requests_app.letters.kinds import Kind, kind_of
from requests_app.letters.languages import is_rtl
from requests_app.letters.text import said as said_by
from requests_app.letters.text import text_of
from requests_app.letters.wordings import words_in_use
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY

# The facts that are drawn as links where they stand alone.
ADDRESSES = ("portal_url", "link", "cancel_url", "objection_url")


@dataclass(frozen=True)
class Composed:
    """A notice ready to be stored; codes and links are still marks such as [[code]]."""

    subject: str
    text: str
    html: str
    said: Said


def mark(name: str) -> str:
    """What stands in a stored text where a secret is filled in at delivery."""
    return f"[[{name}]]"


def compose(notice: Notice, *, subject_request: SubjectRequest, context: Mapping[str, object]) -> Composed:
    """Draw a notice in the language of the request, and in the time zone in which its law counts days.

    The words are the shipped ones unless staff wrote others in this language; layout and signature are ours always.
    """
    zone = jurisdiction(subject_request.regime).zone
    values = {
        **context,
        "subject_request": subject_request,
        "reference": subject_request.reference,
        "company": COMPANY,
        "zone": zone.key,
    }
    kind = kind_of(notice.value)
    wording = words_in_use(kind.key, subject_request.language)
    with translation.override(subject_request.language), timezone.override(zone):
        composed = (
            _shipped(kind, values)
            if wording is None
            else _worded(said_in(kind, values, wording=wording), values)
        )
    return _citations_kept(composed) if is_rtl(subject_request.language) else composed


def _citations_kept(mail: Composed) -> Composed:
    """A mail from right to left whose figures and brackets of a law are not turned round."""
    return replace(mail, text=marked(mail.text), html=marked_html(mail.html))


def _shipped(kind: Kind, values: Mapping[str, object]) -> Composed:
    subject, text = shipped_mail(kind, values)
    html = render_to_string(f"emails/{kind.key}/body.html", dict(values))
    return Composed(subject, text, html, said_by_mail(kind, subject, text))


def _worded(said: Said, values: Mapping[str, object]) -> Composed:
    """Our layout around the words of the staff. Only addresses and codes that are facts are drawn as such."""
    links = {str(values[name]) for name in ADDRESSES if name in values}
    drawn = [(block, _alone(block, links), _alone(block, {mark("code")})) for block in said.blocks]
    return Composed(
        subject=said.subject,
        text=render_to_string("emails/worded.txt", {**values, "text": text_of(said.blocks)}).strip() + "\n",
        html=render_to_string("emails/worded.html", {**values, "drawn": drawn}),
        said=said,
    )


def _alone(block: Block, known: Collection[str]) -> str:
    """A paragraph that is one of these and nothing else; empty for any other."""
    words = said_by(block.runs).strip() if isinstance(block, Paragraph) else ""
    return words if words in known else ""
