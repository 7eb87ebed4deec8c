"""Whatever the law, the day and the ticks: never early, never twice, and after a pause only the latest."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.lifecycle.states import CLOSED, OPEN, RequestState
from requests_app.reminders.kinds import ReminderKind
from requests_app.reminders.schedule import Standing, current, look_again_at
from tests.requests_app.reminders.standings import reminders, standing

LAWS = [
    ("eu-gdpr", "DE-BE"),
    ("eu-gdpr", "PT"),
    ("uk-gdpr", "GB-SCT"),
    ("us-ca", "US-CA"),
    ("in", "IN-KA"),
    ("br-lgpd", "BR-SP"),
    ("kr", "KR"),
    ("jp", "JP"),
    ("za", "ZA"),
    ("default", None),
]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """A request under any of these laws, received at any time, in any state."""
    regime, place = draw(st.sampled_from(LAWS))
    received = draw(MOMENTS)
    state = draw(st.sampled_from(sorted(RequestState)))
    since = received + timedelta(hours=draw(st.integers(0, 600)))
    wait = timedelta(hours=draw(st.integers(1, 400)))
    keep = (since + timedelta(days=730)).date() if state in CLOSED else None
    return standing(
        regime,
        received,
        place=place,
        state=state,
        state_since=since,
        is_acknowledged=draw(st.booleans()),
        waits_until=since + wait,
        lapses_on=(since + timedelta(days=14)).date() if state is RequestState.AWAITING_IDENTITY else None,
        keep_until=keep,
    )


@settings(max_examples=150, deadline=None)
@given(standings())
def test_nothing_falls_due_before_the_request_was_there(case: Standing) -> None:
    assert all(each.at >= case.received_at for each in reminders(case))


@settings(max_examples=150, deadline=None)
@given(standings())
def test_two_reminders_are_never_the_same_one(case: Standing) -> None:
    counted = Counter((each.kind, each.occurrence) for each in reminders(case))
    assert not counted or max(counted.values()) == 1


@settings(max_examples=150, deadline=None)
@given(standings())
def test_the_last_day_comes_before_overdue_and_overdue_not_before_the_day_is_over(case: Standing) -> None:
    found = {each.kind: each for each in reminders(case)}
    if ReminderKind.OVERDUE in found and case.answer is not None:
        overdue = found[ReminderKind.OVERDUE].at.astimezone(case.zone)
        assert overdue.date() > case.answer.due
        assert found[ReminderKind.DUE].at < overdue
        before = [each for each in reminders(case) if each.kind is ReminderKind.DAYS_BEFORE]
        assert all(each.at <= found[ReminderKind.DUE].at for each in before)


@settings(max_examples=100, deadline=None)
@given(standings(), st.lists(st.integers(0, 24 * 120), min_size=1, max_size=12))
def test_ticks_tell_in_order_each_once_and_the_latest_of_a_thread_only(
    case: Standing, hours: list[int]
) -> None:
    told: list[tuple[ReminderKind, str]] = []
    seen: set[tuple[ReminderKind, str]] = set()
    for hour in sorted(hours):
        at = case.received_at + timedelta(hours=hour)
        now = current(reminders(case), at)
        assert len({each.thread for each in now}) == len(now)
        fresh = [each for each in now if (each.kind, each.occurrence) not in seen]
        told += [(each.kind, each.occurrence) for each in fresh]
        assert all(each.at <= at for each in fresh)
        seen |= {(each.kind, each.occurrence) for each in reminders(case) if each.is_due(at)}
    assert len(told) == len(set(told))


@settings(max_examples=100, deadline=None)
@given(standings(), st.integers(0, 24 * 120))
def test_between_two_looks_nothing_changes(case: Standing, hour: int) -> None:
    """Monotone: what is true now is true until the moment for which the next look is planned."""
    at = case.received_at + timedelta(hours=hour)
    again = look_again_at(reminders(case), at)
    if again is None:
        assert current(reminders(case), at) == current(reminders(case), at + timedelta(days=3650))
    else:
        assert again > at
        assert current(reminders(case), again - timedelta(seconds=1)) == current(reminders(case), at)


@settings(max_examples=60, deadline=None)
@given(standings())
def test_only_what_is_kept_is_spoken_of_once_a_request_is_closed(case: Standing) -> None:
    kinds = {each.kind for each in reminders(case)}
    if case.state in CLOSED:
        assert kinds <= {ReminderKind.RETENTION, ReminderKind.EVIDENCE}
    else:
        assert case.state in OPEN
        assert ReminderKind.RETENTION not in kinds
