"""What a law says about time, as facts: its dates, its last day, and what stops its clock."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from requests_app.deadlines.events import Topic
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.last_days import HolidayCalendar
from requests_app.jurisdictions.sources import Sourced
from requests_app.jurisdictions.vocabulary import ExtensionKind
from requests_app.review.laws import words
from requests_app.review.laws.facts import LawFact, sources_of


def dates(law: Jurisdiction) -> Iterator[LawFact]:
    """Yield the dates in the order in which a case meets them."""
    yield _acknowledgement(law)
    for number, each in enumerate(law.response, 1):
        yield LawFact(
            f"response-{number}",
            _("Answer"),
            words.period(each),
            sources_of(each),
            read_strictly=bool(each.aim_days_before),
        )
    yield _extension(law)
    if law.completion_notice:
        done = law.completion_notice
        yield LawFact("completion", _("Told that it is done"), words.period(done), sources_of(done))
    yield from _appeal(law)
    yield from _complaint(law)
    yield _last_day(law)
    yield _business_days(law)


def questions(law: Jurisdiction) -> Iterator[LawFact]:
    """Yield what each question to the person does to the clock."""
    labels = {
        Topic.IDENTITY: _("Asking for proof of identity"),
        Topic.CLARIFICATION: _("A question about the request"),
        Topic.FEE: _("A fee"),
    }
    for topic, label in labels.items():
        effect = law.clock.of(topic)
        said = [str(words.EFFECTS[effect.effect])]
        if effect.when:
            said.append(_("When: %(condition)s") % {"condition": effect.when})
        if effect.only_with_reason:
            said.append(_("Counted only where a named person records why"))
        if effect.rights:
            said.append(_("Only for: %(rights)s") % {"rights": words.rights(effect.rights)})
        if effect.window_days:
            said.append(_("Time to think: %(days)d days") % {"days": effect.window_days})
        yield LawFact(f"question-{topic}", label, said, sources_of(effect))


def _acknowledgement(law: Jurisdiction) -> LawFact:
    duty = law.acknowledgement
    said = words.period(duty.period) if duty.period else [_("No duty")]
    if duty.rights:
        said.append(_("Only for: %(rights)s") % {"rights": words.rights(duty.rights)})
    if duty.contents:
        said.append(_("It says: %(contents)s") % {"contents": duty.contents})
    return LawFact("acknowledgement", _("Acknowledgement"), said, sources_of(duty, duty.period))


def _extension(law: Jurisdiction) -> LawFact:
    more = law.extension
    said = [str(words.EXTENSIONS[more.kind])]
    if more.number and more.unit:
        said.append(words.length(more.number, more.unit))
    if more.times:
        said.append(_("Times: %(times)d") % {"times": more.times})
    for label, text in (
        (_("The notice"), more.notice),
        (_("Counted from"), more.counts_from),
        (_("Grounds"), more.grounds),
    ):
        if text:
            said.append(f"{label}: {text}")
    stated = more.kind is not ExtensionKind.NONE or {"cite", "check", "notes"} & more.model_fields_set
    return LawFact("extension", _("Extension"), said, sources_of(more) if stated else [])


def _appeal(law: Jurisdiction) -> Iterator[LawFact]:
    appeal = law.appeal
    said = [_("To us") if appeal.exists else _("No appeal to us")]
    said += [text for text in (appeal.route, appeal.file_within_in_words, appeal.after) if text]
    yield LawFact("appeal", _("Appeal"), said, sources_of(appeal))
    if appeal.file_within:
        until = appeal.file_within
        yield LawFact(
            "appeal-window", _("Time to appeal"), words.period(until), sources_of(_with(until, appeal))
        )
    if appeal.answer_within:
        until = appeal.answer_within
        yield LawFact(
            "appeal-answer", _("Answer to an appeal"), words.period(until), sources_of(_with(until, appeal))
        )


def _complaint(law: Jurisdiction) -> Iterator[LawFact]:
    complaint = law.complaint
    stated = bool({"cite", "check", "notes", "also_checked"} & complaint.model_fields_set)
    if complaint.acknowledge_within:
        period = complaint.acknowledge_within
        yield LawFact(
            "complaint-ack", _("A complaint is acknowledged"), words.period(period), sources_of(period)
        )
    if complaint.window:
        yield LawFact(
            "complaint-window",
            _("Time to go to the authority"),
            words.period(complaint.window),
            sources_of(complaint.window),
        )
    if stated:
        yield LawFact("complaint", _("Complaints"), [], sources_of(complaint))


def _last_day(law: Jurisdiction) -> LawFact:
    rule = law.last_day
    said = [
        str(words.LAST_DAYS[rule.rule]),
        _("Days of rest: %(days)s") % {"days": words.weekdays(rule.weekend)},
        _("Holidays: %(holidays)s") % {"holidays": _holidays(rule.holidays)},
    ]
    if rule.holidays_in_words:
        said.append(_("In the law's words: %(words)s") % {"words": rule.holidays_in_words})
    if rule.cautious:
        said.append(
            _("The cautious reading, which we work towards: %(rule)s")
            % {"rule": str(words.LAST_DAYS[rule.cautious]).lower()}
        )
    if rule.law_permits:
        said.append(_("The law permits: %(rule)s") % {"rule": rule.law_permits})
    return LawFact(
        "last-day",
        _("A last day on a day of rest"),
        said,
        sources_of(rule),
        read_strictly=rule.cautious is not None,
    )


def _business_days(law: Jurisdiction) -> LawFact:
    days = law.business_days
    said = [_("All but: %(days)s, and the holidays") % {"days": words.weekdays(days.weekend)}]
    if days.cautious_weekend is not None:
        strict = words.weekdays(days.cautious_weekend)
        said.append(_("The strictest reading, which we work towards: all but %(days)s") % {"days": strict})
    stated = "check" in days.model_fields_set or "cite" in days.model_fields_set
    return LawFact(
        "business-days",
        _("Business days"),
        said,
        sources_of(days) if stated else [],
        read_strictly=days.cautious_weekend is not None,
    )


def _holidays(calendar: HolidayCalendar) -> str:
    if calendar.of_place:
        whose = _("of the person's place")
    elif calendar.country:
        whose = calendar.country + (f"-{calendar.subdivision}" if calendar.subdivision else "")
        if calendar.subdivision_of_place:
            whose += " " + _("and its part where the person lives")
    else:
        whose = _("none")
    more = [whose, _("kinds: %(kinds)s") % {"kinds": ", ".join(calendar.categories)}]
    if calendar.without:
        more.append(_("without: %(names)s") % {"names": ", ".join(calendar.without)})
    if calendar.easter_monday:
        more.append(_("with Easter Monday"))
    more += [
        _("closed every year from %(first)s to %(last)s") % {"first": each.first, "last": each.last}
        for each in calendar.closed
    ]
    return "; ".join(more)


def _with(part: Sourced, whole: Sourced) -> Sourced:
    """The part, if it names a source of its own, or else the whole it belongs to."""
    return part if {"cite", "check"} & part.model_fields_set else whole
