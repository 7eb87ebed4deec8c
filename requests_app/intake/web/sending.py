"""From the answers of the form to what the check page shows and what is submitted."""

from collections.abc import Mapping, Sequence
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
from requests_app.intake.checked import ONESELF, AskedBy, SubjectDetails
from requests_app.intake.submit import Wanted, regime_for, submit_requests
from requests_app.intake.web.flow import Flow, chosen_rights
from requests_app.intake.web.forms import STOP_MARKETING
from requests_app.intake.web.places import place_name, place_of
from requests_app.intake.web.right_forms import RightForm
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import Asker, Channel, Submission
from requests_app.lifecycle.particulars import MARKETING

WEB_FORM = Actor.system("web form")
RIGHT_PAGES = (
    "correction",
    "deletion",
    "objection",
    "withdraw_consent",
    "restriction",
    "automated_decision",
    "complaint",
    "grievance",
    "nominate",
)


def submit_answers(answers: Mapping[str, Any], *, at: datetime) -> Submission:
    """Submit what was answered. Raises BadInput."""
    about = answers["about"]
    flow = Flow(answers, on=at.date())
    asked = submit_requests(
        channel=Channel.WEB,
        wanted=wanted_of(flow),
        subject=SubjectDetails(about["name"], about["email"], _details_of(flow), _asker_of(answers)),
        place=place_of(answers),
        language=about.get("language") or get_language() or "en",
        received_at=at,
        by=WEB_FORM,
        answers=_kept_answers(flow),
    )
    return asked[0].submission


def wanted_of(flow: Flow) -> list[Wanted]:
    """The rights exercised, each with what its page was told; both choices that object become one."""
    chosen = chosen_rights(flow.answers)
    wanted = {code: _wanted(flow, code) for code in chosen if code != STOP_MARKETING}
    if STOP_MARKETING in chosen:
        more = wanted.get("objection", Wanted("objection")).particulars
        purposes = [MARKETING, *_list(more.get("purposes"))]
        wanted["objection"] = Wanted("objection", {**more, "purposes": purposes})
    return list(wanted.values())


def _wanted(flow: Flow, code: str) -> Wanted:
    question = flow.question(code)
    form = flow.form(question) if question else None
    if not isinstance(form, RightForm):
        return Wanted(code)
    return Wanted(code, form.particulars(), form.details())


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _asker_of(answers: Mapping[str, Any]) -> AskedBy:
    who = answers["who"]["who"]
    if who == "me":
        return ONESELF
    given = answers[who]
    return AskedBy(Asker.AGENT if who == "agent" else Asker.GUARDIAN, given["name"], given["email"])


def _kept_answers(flow: Flow) -> dict[str, object]:
    """What no field of a request holds, for whoever checks an agent's or a guardian's standing."""
    answers = flow.answers
    kept: dict[str, object] = {"who": answers["who"]["who"]}
    if flow.question("details"):
        kept["period"] = answers["details"]["period"]
    if flow.question("agent"):
        kept["agent_proof"] = answers["agent"]["proof"]
    if flow.question("child"):
        kept |= {"child_age": answers["about"]["age"], "child_relation": answers["child"]["relation"]}
    return kept


def _details_of(flow: Flow) -> str:
    if flow.question("details") is None:
        return ""
    details = flow.answers["details"]
    period = _("Period: %(period)s") % details if details["period"] else ""
    return "\n\n".join(filter(None, (details["details"], period)))


def request_rows(flow: Flow) -> list[Row]:
    """The summary of what is asked for."""
    place = place_of(flow.answers)
    url = {question.key: question.url for question in flow.asked}
    return [
        *flow.rows("who"),
        Row(
            _("Where you live") if flow.answers["who"]["who"] == "me" else _("Where they live"),
            [place_name(place) if place else _("I’d rather not say")],
            url["where"],
            _("where you live"),
        ),
        Row(
            _("What you would like"),
            [choice_label(code) for code in chosen_rights(flow.answers)],
            url["what"],
            _("what you would like"),
        ),
        *flow.rows(*RIGHT_PAGES, "details"),
    ]


def choice_label(code: str) -> str:
    """What a choice of the page of the rights is called."""
    return _("Stop marketing") if code == STOP_MARKETING else str(right(code).label)


def person_rows(flow: Flow) -> list[Row]:
    """The summary of the person, and of who asks for them."""
    return flow.rows("about", "agent", "child")


@dataclass(frozen=True)
class AnswerDate:
    """By when the answers to some of the requests come, and why then."""

    labels: Sequence[str]
    due: date
    reason: str


def answer_dates(flow: Flow, *, at: datetime) -> list[AnswerDate]:
    """The dates that sending the answers now would give, the earliest first; what has the same date stands together."""
    place = place_of(flow.answers)
    found: dict[tuple[date, str], list[str]] = {}
    for code in chosen_rights(flow.answers):
        found.setdefault(_answer_date(code, place, at), []).append(choice_label(code))
    return [AnswerDate(labels, due, reason) for (due, reason), labels in sorted(found.items())]


def _answer_date(code: str, place: str | None, at: datetime) -> tuple[date, str]:
    known = "objection" if code == STOP_MARKETING else code
    found = deadline(
        measure=Measure.RESPONSE,
        regime=regime_for(place, known, at),
        right=known,
        received_at=at,
        place=place,
        events=(),
    )
    return found.due, explain.for_person(found)
