"""The count of a last day: start, period with extension, pauses, last-day rule, in that order, each once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from requests_app.deadlines import explain
from requests_app.deadlines.events import ExtensionNotice, Question, Topic
from requests_app.deadlines.result import Rule, Step
from requests_app.deadlines.terms import Terms
from requests_app.jurisdictions.base import ClockEffect
from requests_app.jurisdictions.periods import Extension, Period
from requests_app.jurisdictions.vocabulary import Effect, ExtensionKind, OwnTerm

PAUSES = {Effect.PAUSE: timedelta(), Effect.PAUSE_INCLUSIVE: timedelta(days=1)}


class Pause(NamedTuple):
    """Days that do not count: from the first up to, without it, the day the clock runs again."""

    first: date
    runs_again: date
    question: Question
    cite: str


class Remark(NamedTuple):
    """A sentence for the steps, with where it stands."""

    sentence: str
    cite: str


@dataclass(slots=True)
class Reckoning:
    """The state of one clock while its log is read, oldest entry first."""

    terms: Terms
    period: Period
    extension: Extension | None
    received_on: date
    start: date
    start_cause: Remark | None = None
    notice: ExtensionNotice | None = None
    pauses: list[Pause] = field(default_factory=list)
    without_effect: list[Remark] = field(default_factory=list)
    waiting_for: Topic | None = None

    def hear(self, entries: Iterable[Question | ExtensionNotice]) -> None:
        """Take the log into account, each entry judged by the date that stood when it happened."""
        for entry in entries:
            if isinstance(entry, ExtensionNotice):
                self._hear_notice(entry)
            else:
                self._hear_question(entry)

    @property
    def further(self) -> int:
        """How many more units of the period an extension told in time gives."""
        return (self.extension.number or 0) if self.notice and self.extension else 0

    @property
    def named_date(self) -> date | None:
        """The day that the notice named, where the law leaves it to the notice; elsewhere the law's number decides."""
        named = self.extension and self.extension.kind is ExtensionKind.NAMED_DATE
        return self.notice.until if self.notice and named else None

    @property
    def paused_days(self) -> int:
        """How many days of the period do not count; a day that two questions cover is left out once."""
        total, covered_to = 0, self.start
        for pause in sorted(self.pauses, key=lambda each: each.first):
            total += max((pause.runs_again - max(pause.first, covered_to)).days, 0)
            covered_to = max(covered_to, pause.runs_again)
        return total

    @property
    def period_end(self) -> date:
        """Where the period ends, with an extension but without pauses."""
        if self.named_date:
            return max(self.named_date, self.terms.add(self.start, self.period))
        return self.terms.add(self.start, self.period, self.further)

    @property
    def counted(self) -> date:
        """The last day before the last-day rule."""
        return self.period_end + timedelta(days=self.paused_days)

    @property
    def due(self) -> date:
        """The last permitted day."""
        return self.terms.move_last_day(self.counted)

    def _hear_notice(self, notice: ExtensionNotice) -> None:
        refused = self._why_not_extended(notice)
        if refused:
            self.without_effect.append(refused)
        else:
            self.notice = notice

    def _why_not_extended(self, notice: ExtensionNotice) -> Remark | None:
        law, told = self.terms.law, explain.day_words(notice.told_on)
        if self.extension is None:
            return Remark(
                f"The notice of {told} changes nothing: {law.short_name} gives no extension here.",
                law.extension.cite or self.period.cite,
            )
        if self.notice:
            return Remark(
                f"The notice of {told} changes nothing: the extension was used before.", self.extension.cite
            )
        if notice.told_on > self.due:
            limit = explain.day_words(self.due)
            return Remark(
                f"The notice of {told} came too late and changes nothing: {limit} was the last day for it.",
                self.extension.cite,
            )
        if self.extension.kind is ExtensionKind.NAMED_DATE and notice.until is None:
            return Remark(
                f"The notice of {told} names no new date, so it changes nothing.", self.extension.cite
            )
        return None

    def _hear_question(self, question: Question) -> None:
        law_says = self.terms.law.clock.of(question.topic)
        effect = law_says.effect_for(self.terms.right)
        if self.terms.entry().period is not OwnTerm.STANDARD:
            effect = Effect.NONE
        cite = law_says.cite or self.period.cite
        asked = explain.question(question)
        if question.dropped_on:
            self.without_effect.append(Remark(explain.dropped(question, question.dropped_on), cite))
        elif effect is Effect.NONE:
            self.without_effect.append(Remark(f"{asked} does not stop this clock.", cite))
        elif question.asked_on > self.due:
            self.without_effect.append(Remark(f"{asked} came after the last day and changes nothing.", cite))
        elif effect is Effect.START_AFTER_FEE_WINDOW:
            self._open_fee_window(question, law_says)
        elif question.answered_on is None:
            self.waiting_for = question.topic
            self.without_effect.append(
                Remark(f"{asked} is not answered yet; the date moves once it is.", cite)
            )
        elif effect is Effect.START_AT_LATEST:
            self._start_again(
                question.answered_on, Remark(explain.new_start(question, question.answered_on), cite)
            )
        else:
            resumed = question.answered_on + PAUSES[effect]
            self.pauses.append(Pause(question.asked_on, resumed, question, cite))

    def _open_fee_window(self, question: Question, law_says: ClockEffect) -> None:
        ends = question.asked_on + timedelta(days=law_says.window_days or 0)
        self._start_again(ends, Remark(explain.fee_window(question, ends), law_says.cite))
        if question.answered_on is None:
            self.waiting_for = question.topic

    def _start_again(self, day: date, cause: Remark) -> None:
        if day > self.start:
            self.start, self.start_cause = day, cause

    def steps(self, receipt: Step, counted: date, due: date) -> tuple[Step, ...]:
        """Return the count step by step, from the receipt over the date counted to the last permitted day."""
        steps = [receipt]
        if self.start_cause:
            steps.append(Step(Rule.START, *self.start_cause, self.start))
        basic = self.terms.add(self.start, self.period)
        steps.append(
            Step(Rule.PERIOD, explain.period(self.start, self.period, basic), self.period.cite, basic)
        )
        if self.notice and self.extension:
            end = self.period_end
            words = explain.extension(
                self.start, self.period, self.further, end, self.notice, is_named=self.named_date is not None
            )
            steps.append(Step(Rule.EXTENSION, words, self.extension.cite, end))
        if self.pauses:
            steps.append(Step(Rule.PAUSE, *self._pause_words(counted), counted))
        steps.extend(Step(Rule.NO_EFFECT, *remark, counted) for remark in self.without_effect)
        steps.append(self._last_day(counted, due))
        return tuple(steps)

    def _pause_words(self, counted: date) -> Remark:
        asked = [(explain.question(pause.question), pause.question.answered_on) for pause in self.pauses]
        cites = dict.fromkeys(pause.cite for pause in self.pauses)
        return Remark(explain.pauses(asked, self.paused_days, counted), "; ".join(cites))

    def _last_day(self, counted: date, due: date) -> Step:
        rule, holidays = self.terms.law.last_day, self.terms.work_days.holidays
        words = explain.last_day(counted, due, rule.rule, holidays.name_of(counted), holidays.whose)
        return Step(Rule.LAST_DAY, words, rule.cite, due)
