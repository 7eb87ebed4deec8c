"""What a statement says: what it was about, by whom and when it was decided, what came of it and why."""

from datetime import datetime

from django.utils.translation import gettext as _

from requests_app.decisions.ending import Ending, ending_of
from requests_app.letters.blocks import Block, Heading, bullets, paragraph
from requests_app.letters.compose import day_in
from requests_app.letters.text import blocks_of
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.particulars import AutomatedDecision, Nomination


def statement_facts(subject_request: SubjectRequest) -> tuple[Block, ...]:
    """The facts of what was decided, in the language that is active."""
    ending = ending_of(subject_request)
    return (
        *_about(subject_request),
        *_how(subject_request, ending),
        *_what_came(ending),
        *_taken_up_again(subject_request),
    )


def _about(subject_request: SubjectRequest) -> list[Block]:
    said: list[Block] = []
    first = subject_request.linked_to if subject_request.link == Link.APPEAL else None
    if first is not None:
        said.append(bullets(_of_the_first(first)))
    elif subject_request.right == "automated_decision":
        asked = AutomatedDecision.of(subject_request)
        said += _quoted(_("The decision that you named:"), asked.decision)
        said += _quoted(_("What you say to it:"), asked.view)
    elif subject_request.right == "nominate":
        named = Nomination.of(subject_request)
        whom = ", ".join(filter(None, (named.nominee_name, named.nominee_email)))
        said += _quoted(_("Whom you named:"), whom)
    said += _quoted(_("What you wrote to us:"), subject_request.details)
    return [Heading(_("What it was about")), *said] if said else []


def _of_the_first(first: SubjectRequest) -> list[str]:
    """The request whose answer was appealed against, and that answer."""
    answered, ending = first.closed_at or first.state_since, ending_of(first)
    named = _("Your request %(reference)s (%(right)s), which we answered on %(day)s.") % {
        "reference": first.reference,
        "right": right(first.right).short_label,
        "day": day_in(day_of(first, answered)),
    }
    why = f"{ending.ground} ({', '.join(filter(None, (ending.law, ending.cite)))})" if ending.ground else ""
    before = _("What was decided then: %(what)s") % {"what": why or ending.answer}
    return [named, before] if why or ending.answer else [named]


def _how(subject_request: SubjectRequest, ending: Ending) -> list[Block]:
    steps = [
        _("It reached us on %(day)s.") % {"day": _day(subject_request.received_at, subject_request)},
        _("It was decided on %(day)s, under this law: %(law)s.")
        % {
            "day": _day(subject_request.closed_at or subject_request.state_since, subject_request),
            "law": ending.law,
        },
    ]
    if subject_request.link == Link.APPEAL:
        steps.append(_("It was decided by somebody who took no part in the first decision."))
    elif subject_request.right == "automated_decision":
        steps.append(
            _("A person of our privacy team looked at the decision and at what you say, and decided.")
        )
    else:
        steps.append(_("A person of our privacy team looked into it and decided."))
    return [Heading(_("How it was decided")), bullets(steps)]


def _what_came(ending: Ending) -> list[Block]:
    said: list[Block] = [Heading(_("What was decided"))]
    if ending.answer:
        said.append(paragraph(ending.answer))
    if ending.ground:
        where = ", ".join(filter(None, (ending.law, ending.cite)))
        said.append(paragraph(_("The reason: %(why)s (%(where)s)") % {"why": ending.ground, "where": where}))
    for part in ending.parts:
        ground = f"{part.ground} ({part.cite})" if part.cite else part.ground
        lines = [f"{part.label}: {part.decision}", ground, part.words]
        if part.is_granted and part.becomes:
            lines.append(_("What changes: %(what)s") % {"what": part.becomes})
        said.append(bullets(filter(None, lines)))
    return said + _quoted(_("In our own words:"), ending.words)


def _taken_up_again(subject_request: SubjectRequest) -> list[Block]:
    follow_up = subject_request.linked.filter(link=Link.FOLLOW_UP).order_by("received_at").first()
    if follow_up is None:
        return []
    words = _(
        "What you asked for is taken up again as your request %(reference)s. You have our answer to it by %(day)s."
    )
    day = day_in(follow_up.response_due_on)
    return [paragraph(words % {"reference": follow_up.reference, "day": day})]


def _quoted(lead: str, words: str) -> list[Block]:
    return [paragraph(lead), *blocks_of(words)] if words.strip() else []


def _day(moment: datetime, subject_request: SubjectRequest) -> str:
    return day_in(day_of(subject_request, moment))
