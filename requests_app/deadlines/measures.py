"""Each date a law may set, as one function: the answer and its extension, and the simpler dates beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from requests_app.deadlines import explain
from requests_app.deadlines.events import ExtensionNotice, Question
from requests_app.deadlines.reckoning import Reckoning
from requests_app.deadlines.result import Deadline, Measure, Rule, Step
from requests_app.deadlines.terms import NoSuchDate, Terms, in_force, response_extension, response_period
from requests_app.jurisdictions.base import Jurisdiction, Right
from requests_app.jurisdictions.periods import Extension, Period
from requests_app.jurisdictions.vocabulary import ExtensionKind, RightCode

OPT_OUTS = (RightCode.OPT_OUT_SALE_SHARE, RightCode.LIMIT_SENSITIVE, RightCode.AUTOMATED_DECISION)


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the law, its codes looked up and its log read."""

    measure: Measure
    terms: Terms
    entry: Right
    received_at: datetime
    received_on: date
    log: tuple[Question | ExtensionNotice, ...]

    @property
    def law(self) -> Jurisdiction:
        """The law that is asked."""
        return self.terms.law

    def require(self, period: Period | None, what: str) -> Period:
        """Return a period the law has in force on the day of receipt. Raises NoSuchDate."""
        return in_force(self.law, period, what, self.received_on)


def response(case: Case) -> Deadline:
    """The last day for the answer, with what was asked, answered and told meanwhile."""
    period = response_period(case.law, case.entry, case.received_on)
    if period is None:
        return _at_once(case)
    if not period.cite:
        period = period.model_copy(update={"cite": case.entry.cite})
    return _counted(case, period, response_extension(case.law, case.entry), case.log)


def extension_notice(case: Case) -> Deadline:
    """The last day for telling the person, with the reason, that the answer takes longer."""
    period = response_period(case.law, case.entry, case.received_on)
    extension = response_extension(case.law, case.entry)
    if period is None or extension is None:
        raise NoSuchDate(f"{explain.capital(case.law.short_name)} gives no extension for this right.")
    questions = tuple(entry for entry in case.log if isinstance(entry, Question))
    return _counted(case, period, extension, questions, notice_of=extension)


def acknowledgement(case: Case) -> Deadline:
    """The last day for confirming that the request arrived."""
    if case.terms.right is RightCode.COMPLAINT:
        return complaint_acknowledgement(case)
    duty = case.law.acknowledgement
    concerned = not duty.rights or case.terms.right in duty.rights
    return _simple(case, duty.period if concerned else None, "acknowledging a request of this kind")


def opt_out(case: Case) -> Deadline:
    """The last day for carrying out an opt-out."""
    if case.terms.right not in OPT_OUTS:
        raise NoSuchDate(f"The right “{case.terms.right}” is no opt-out; ask for its response.")
    return response(case)


def consent_revocation(case: Case) -> Deadline:
    """The last day for stopping what rested on the consent now withdrawn."""
    if case.terms.right is not RightCode.WITHDRAW_CONSENT:
        raise NoSuchDate(f"The right “{case.terms.right}” revokes no consent; ask for its response.")
    return response(case)


def appeal_window(case: Case) -> Deadline:
    """The person's last day for contesting a refusal: with us, or with the authority if only there."""
    ours = case.law.appeal.file_within if case.law.appeal.exists else case.law.complaint.window
    return _simple(case, ours, "appealing against a refusal")


def appeal_response(case: Case) -> Deadline:
    """The last day for answering an appeal."""
    period = case.require(case.law.appeal.answer_within, "answering an appeal")
    if not period.cite:
        # The acts that know an appeal lay it down where they lay down the answer.
        cite = case.law.appeal.cite or case.law.response_on(case.received_on).cite
        period = period.model_copy(update={"cite": cite})
    extension = None
    if period.extension:
        extension = Extension(
            kind=ExtensionKind.FIXED, number=period.extension, unit=period.unit, times=1, cite=period.cite
        )
    notices = tuple(entry for entry in case.log if isinstance(entry, ExtensionNotice))
    return _counted(case, period, extension, notices)


def complaint_acknowledgement(case: Case) -> Deadline:
    """The last day for confirming that a complaint made to us arrived."""
    return _simple(case, case.law.complaint.acknowledge_within, "acknowledging a complaint")


def complaint_window(case: Case) -> Deadline:
    """The person's last day for going to the authority."""
    return _simple(case, case.law.complaint.window, "complaining to the authority")


def completion_notice(case: Case) -> Deadline:
    """The last day for telling the person that the request has been carried out."""
    return _simple(case, case.law.completion_notice, "telling that the request is carried out")


MEASURES: Mapping[Measure, Callable[[Case], Deadline]] = {
    Measure.RESPONSE: response,
    Measure.EXTENSION_NOTICE: extension_notice,
    Measure.ACKNOWLEDGEMENT: acknowledgement,
    Measure.OPT_OUT: opt_out,
    Measure.CONSENT_REVOCATION: consent_revocation,
    Measure.APPEAL_WINDOW: appeal_window,
    Measure.APPEAL_RESPONSE: appeal_response,
    Measure.COMPLAINT_ACKNOWLEDGEMENT: complaint_acknowledgement,
    Measure.COMPLAINT_WINDOW: complaint_window,
    Measure.COMPLETION_NOTICE: completion_notice,
}


def _simple(case: Case, period: Period | None, what: str) -> Deadline:
    """Count a period that nothing stops and nothing extends."""
    return _counted(case, case.require(period, what), None, ())


def _at_once(case: Case) -> Deadline:
    today = case.received_on
    words = explain.at_once(case.law, case.entry)
    return Deadline(
        measure=case.measure,
        regime=case.law.key,
        law=case.law.short_name,
        right=case.terms.right,
        received_on=today,
        start=today,
        period=None,
        due=today,
        aim_for=today,
        steps=(_receipt(case), Step(Rule.AT_ONCE, words, case.entry.cite, today)),
    )


def _counted(
    case: Case,
    period: Period,
    extension: Extension | None,
    log: tuple[Question | ExtensionNotice, ...],
    notice_of: Extension | None = None,
) -> Deadline:
    clock = Reckoning(case.terms, period, extension, case.received_on, start=case.received_on)
    clock.hear(log)
    counted, due = clock.counted, clock.due
    steps = clock.steps(_receipt(case), counted, due)
    if notice_of:
        steps = (*steps, Step(Rule.EXTENSION, explain.notice_until(due), notice_of.cite, due))
    return Deadline(
        measure=case.measure,
        regime=case.law.key,
        law=case.law.short_name,
        right=case.terms.right,
        received_on=case.received_on,
        start=clock.start,
        period=period,
        due=due,
        aim_for=case.terms.aim_for(start=clock.start, period=period, counted=counted, due=due),
        steps=steps,
        extended=clock.notice is not None,
        paused_days=clock.paused_days,
        moved=due != counted,
        waiting_for=clock.waiting_for,
    )


def _receipt(case: Case) -> Step:
    words = explain.receipt(case.received_at, case.received_on, case.law)
    return Step(Rule.RECEIPT, words, case.entry.cite, case.received_on)
