"""What holds for every law and every date, whatever happened."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.deadlines.calendar import add_months
from requests_app.deadlines.clock import ClockEvent, Deadline, deadline, earliest_deadline
from requests_app.deadlines.result import Rule
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.jurisdictions.vocabulary import ExtensionKind, LastDayRule, OwnTerm

NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)  # every law and every right is in force from here on
UNHURRIED = settings(deadline=None)  # the first case of a law reads its file and its holidays
moments = st.integers(0, 2_000_000).map(lambda minutes: NOON + timedelta(minutes=minutes))
regime_keys = st.sampled_from(regimes())
places = st.sampled_from([None, "DE-BE", "FR", "GB-SCT", "CH-ZH", "US-CA", "BR-SP", "AU-NSW", "XX"])
PAIRS = (
    ("identity_requested", "identity_confirmed"),
    ("clarification_requested", "clarification_received"),
    ("fee_requested", "fee_paid"),
)


@st.composite
def logs(draw: st.DrawFn, received_at: datetime) -> tuple[ClockEvent, ...]:
    events = []
    for ask, answer in draw(st.lists(st.sampled_from(PAIRS), unique=True)):
        asked = received_at + timedelta(hours=draw(st.integers(0, 1500)))
        events.append(ClockEvent(ask, asked))
        if draw(st.booleans()):
            events.append(ClockEvent(answer, asked + timedelta(hours=draw(st.integers(0, 600)))))
    told = draw(st.lists(st.integers(0, 3000), max_size=2))
    return (*events, *(ClockEvent("extended", received_at + timedelta(hours=hours)) for hours in told))


@st.composite
def cases(draw: st.DrawFn) -> dict[str, object]:
    law = jurisdiction(draw(regime_keys))
    received_at = draw(moments)
    granted = sorted(code for code, right in law.rights.items() if right.exists)
    return {
        "measure": "response",
        "regime": law.key,
        "right": draw(st.sampled_from(granted)),
        "received_at": received_at,
        "place": draw(places),
        "events": draw(logs(received_at)),
    }


def answer(case: dict[str, object], **changes: object) -> Deadline:
    return deadline(**(case | changes))


@UNHURRIED
@given(cases())
def test_the_steps_lead_from_the_receipt_to_the_date(case: dict[str, object]) -> None:
    found = answer(case)
    assert found.steps[0].rule is Rule.RECEIPT
    assert found.steps[0].date == found.received_on <= found.start <= found.due
    assert found.steps[-1].date == found.due
    assert all(step.sentence.endswith(".") for step in found.steps)


@UNHURRIED
@given(cases())
def test_the_day_to_aim_for_is_a_working_day_not_after_the_last_one(case: dict[str, object]) -> None:
    found = answer(case)
    assert found.start <= found.aim_for <= found.due
    if found.aim_for not in (found.start, found.received_on):
        assert found.aim_for.weekday() < 6


@UNHURRIED
@given(cases())
def test_a_last_day_that_moves_on_lands_on_a_day_people_work(case: dict[str, object]) -> None:
    found = answer(case)
    rule = jurisdiction(found.regime).last_day
    if found.period and rule.rule in {LastDayRule.NEXT_WORKING_DAY, LastDayRule.PREVIOUS_WORKING_DAY}:
        assert found.due.weekday() not in {day.number for day in rule.weekend}


@UNHURRIED
@given(cases(), st.randoms())
def test_the_order_in_which_the_log_is_written_changes_nothing(
    case: dict[str, object], chance: object
) -> None:
    shuffled = list(case["events"])
    chance.shuffle(shuffled)
    if len({event.at for event in shuffled}) == len(shuffled):
        assert answer(case, events=shuffled) == answer(case)


@UNHURRIED
@given(cases(), st.integers(-11, 12))
def test_the_zone_in_which_a_moment_is_written_changes_nothing(case: dict[str, object], hours: int) -> None:
    elsewhere = timezone(timedelta(hours=hours))
    events = [ClockEvent(event.type, event.at.astimezone(elsewhere)) for event in case["events"]]
    received_at = case["received_at"].astimezone(elsewhere)
    assert answer(case, received_at=received_at, events=events).due == answer(case).due


@UNHURRIED
@given(cases(), st.integers(1, 60 * 24 * 40))
def test_who_asks_later_is_not_answered_sooner(case: dict[str, object], minutes: int) -> None:
    later = case["received_at"] + timedelta(minutes=minutes)
    assert answer(case, events=()).due <= answer(case, received_at=later, events=()).due


@UNHURRIED
@given(cases())
def test_an_extension_told_by_the_last_day_counts_and_a_day_later_changes_nothing(
    case: dict[str, object],
) -> None:
    plain = answer(case, events=())
    law = jurisdiction(plain.regime)
    if (
        law.extension.kind is not ExtensionKind.FIXED
        or law.rights[plain.right].period is not OwnTerm.STANDARD
    ):
        return
    last_moment = datetime(
        plain.due.year, plain.due.month, plain.due.day, 23, 59, tzinfo=ZoneInfo(law.time_zone)
    )
    in_time = answer(case, events=[ClockEvent("extended", last_moment)])
    too_late = answer(case, events=[ClockEvent("extended", last_moment + timedelta(minutes=1))])
    assert in_time.extended
    assert in_time.due > plain.due
    assert not too_late.extended
    assert too_late.due == plain.due
    assert "too late" in " ".join(step.sentence for step in too_late.steps)


@UNHURRIED
@given(cases())
def test_questions_never_bring_a_date_forward(case: dict[str, object]) -> None:
    questions = [event for event in case["events"] if event.type != "extended"]
    assert answer(case, events=questions).due >= answer(case, events=()).due


@UNHURRIED
@given(moments, st.lists(regime_keys, min_size=1, max_size=4, unique=True))
def test_of_several_laws_the_earliest_date_wins(received_at: datetime, keys: list[str]) -> None:
    case = {"measure": "response", "right": "access", "received_at": received_at}
    found = earliest_deadline(regimes=keys, **case)
    assert found.due == min(deadline(regime=key, **case).due for key in keys)


@UNHURRIED
@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(0, 60))
def test_months_keep_the_day_or_take_the_last_one(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
