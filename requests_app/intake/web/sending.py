"""From the answers of the form to what the check page shows and what is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from requests_app.audit.actors import Actor
from requests_app.components.parts import Row
from requests_app.deadlines import explain
from requests_app.deadlines.clock import deadline
from requests_app.deadlines.result import Measure
from requests_app.intake.submit import SubjectDetails, regime_for, submit_request
from requests_app.intake.web.flow import Flow, place_of
from requests_app.intake.web.places import place_name
from requests_app.lifecycle.known_rights import RIGHTS, right
from requests_app.lifecycle.models import Channel, Submission
from requests_app.policy.company import COMPANY, Promise

WEB_FORM = Actor.system("web form")


def submit_answers(answers: Mapping[str, Any], *, at: datetime) -> Submission:
    """Submit what was answered. Raises BadInput."""
    about, details = answers["about"], answers["details"]
    subject_request = submit_request(
        channel=Channel.WEB,
        right=answers["what"]["right"],
        subject=SubjectDetails(about["name"], about["email"], _details_with_period(details)),
        place=place_of(answers),
        language=get_language() or "en",
        received_at=at,
        by=WEB_FORM,
        answers={"who": answers["who"]["who"], "period": details["period"]},
    )
    return subject_request.submission


def _details_with_period(details: Mapping[str, str]) -> str:
    period = _("Period: %(period)s") % details if details["period"] else ""
    return "\n\n".join(filter(None, (details["details"], period)))


def request_rows(flow: Flow) -> list[Row]:
    """The summary of what is asked for."""
    answers = flow.answers
    place = place_of(answers)
    url = {question.key: question.url for question in flow.asked}
    details = answers["details"]
    return [
        Row(_("Who it is about"), [_("Me")], url["who"], _("who it is about")),
        Row(
            _("Where you live"),
            [place_name(place) if place else _("I’d rather not say")],
            url["where"],
            _("where you live"),
        ),
        Row(
            _("What you would like"),
            [str(right(answers["what"]["right"]).label)],
            url["what"],
            _("what you would like"),
        ),
        Row(_("What it concerns"), [details["details"]], url["details"], _("what it concerns")),
        Row(_("Which period"), [details["period"]], url["details"], _("which period")),
    ]


def person_rows(flow: Flow) -> list[Row]:
    """The summary of who asks."""
    about = flow.answers["about"]
    url = {question.key: question.url for question in flow.asked}["about"]
    return [
        Row(_("Name"), [about["name"]], url, _("your name")),
        Row(_("Mail address"), [about["email"]], url, _("your mail address")),
    ]


@dataclass(frozen=True)
class AnswerDate:
    """By when the answer comes, and why then."""

    due: date
    reason: str


def answer_date(answers: Mapping[str, Any], *, at: datetime) -> AnswerDate:
    """The date that sending the answers now would give."""
    code, place = answers["what"]["right"], place_of(answers)
    found = deadline(
        measure=Measure.RESPONSE,
        regime=regime_for(place, code, at),
        right=code,
        received_at=at,
        place=place,
        events=(),
    )
    return AnswerDate(found.due, explain.for_person(found))


def other_rights() -> list[Promise]:
    """The rights of the policy that this form does not take yet."""
    return [promise for promise in COMPANY.rights if promise.key not in RIGHTS]
