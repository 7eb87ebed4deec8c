"""An invitation (text/calendar) on one line: what, when, where, who asks."""

import re

from requests_app.intake.email.storable import storable_line

MOST_READ = 200_000
MOST_EVENTS = 5
FOLD = re.compile(r"\n[ \t]")
# Possessive, so that a quotation that never ends is looked for once.
LINE = re.compile(
    r"^(SUMMARY|DTSTART|DTEND|LOCATION|ORGANIZER)(?:;(?:\"[^\"\n]*\"|[^\":\n])*+)?+:(.*)$",
    re.IGNORECASE | re.MULTILINE,
)
EVENT = re.compile(r"^BEGIN:(?:VEVENT|VTODO)[ \t]*$", re.IGNORECASE | re.MULTILINE)
MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
ESCAPED = re.compile(r"\\([\\;,nN])")


def calendar_lines(source: str) -> str:
    """Return a line for each of the first events."""
    events = EVENT.split(FOLD.sub("", source[:MOST_READ]))[1 : MOST_EVENTS + 1]
    return "\n".join(line for event in events if (line := _line(event)))


def _line(event: str) -> str:
    known: dict[str, str] = {}
    for name, value in LINE.findall(event):
        known.setdefault(name.upper(), ESCAPED.sub(lambda each: " " if each[1] in "nN" else each[1], value))
    when = " – ".join(_moment(known[name]) for name in ("DTSTART", "DTEND") if name in known)
    organizer = re.sub(r"^mailto:", "", known.get("ORGANIZER", ""), flags=re.IGNORECASE)
    told = (known.get("SUMMARY", ""), when, known.get("LOCATION", ""), organizer)
    return " | ".join(line[:500] for each in told if (line := storable_line(each)))


def _moment(value: str) -> str:
    found = MOMENT.match(value.strip())
    if not found:
        return value
    year, month, day, hour, minute, zone = found.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}{' UTC' if zone else ''}" if hour else "")
