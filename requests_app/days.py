"""A day and a moment as the language that is active writes them, in the zone that is active."""

from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.formats import date_format


def day(value: date | datetime | None) -> str:
    """5 January 2027, 5. Januar 2027, 2027年1月5日; nothing for none."""
    return date_format(_local(value), "DATE_FORMAT") if value else ""


def weekday(value: date | datetime | None) -> str:
    """The same with the day of the week: Tuesday 5 January 2027, Dienstag, 5. Januar 2027."""
    if not value:
        return ""
    comma = "" if (translation.get_language() or "en").startswith("en") else ","
    return f"{date_format(_local(value), 'l')}{comma} {day(value)}"


def moment(value: datetime | None) -> str:
    """A day with its time: 5 January 2027, 14:30; nothing for none."""
    return f"{day(value)}, {hour(value)}" if value else ""


def moment_with_weekday(value: datetime | None) -> str:
    """Tuesday 5 January 2027, 14:30; nothing for none."""
    return f"{weekday(value)}, {hour(value)}" if value else ""


def hour(value: datetime | None) -> str:
    """14:30; nothing for none."""
    return date_format(_local(value), "H:i") if value else ""


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
