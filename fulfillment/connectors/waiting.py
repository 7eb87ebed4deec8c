"""How long a source asks us to wait, in the ways the standards and the vendors say it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# The IETF draft counts seconds; others give the moment, as seconds or milliseconds since 1970.
_RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
_LEFT = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
_A_MOMENT, _IN_MILLISECONDS = 1e9, 1e12
# A moment further off than this is no wait but a mistake.
FARTHEST_SECONDS = 7 * 86_400.0


def asked_wait(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """The seconds a source asks us to wait; None where it says nothing that can be understood."""
    by_the_source = _moment(headers.get("date", "")) or now
    told = _retry_after(headers.get("retry-after", "").strip(), by_the_source)
    if told is None:
        told = reset_in(headers, now=now)
    return told


def reset_in(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """The seconds until the source counts our calls anew, where it says so."""
    by_the_source = _moment(headers.get("date", "")) or now
    for name in _RESETS:
        number = _number(headers.get(name, ""))
        if number is None:
            continue
        if number >= _A_MOMENT:
            number = number / (1000 if number >= _IN_MILLISECONDS else 1) - by_the_source.timestamp()
        return _bounded(number)
    return None


def is_used_up(headers: Mapping[str, str]) -> bool:
    """Whether the source says that it allows no further call until its count begins anew."""
    return any(_number(headers.get(name, "")) == 0 for name in _LEFT)


def _retry_after(text: str, now: datetime) -> float | None:
    number = _number(text)
    if number is not None:
        return _bounded(number)
    wanted = _moment(text)
    return None if wanted is None else _bounded((wanted - now).total_seconds())


def _bounded(seconds: float) -> float:
    return min(max(0.0, seconds), FARTHEST_SECONDS)


def _number(text: str) -> float | None:
    """A plain number; some put further limits behind a comma or semicolon."""
    plain = text.partition(",")[0].partition(";")[0].strip()
    return float(plain) if plain.isascii() and plain.replace(".", "", 1).isdigit() else None


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
