"""What the gallery draws the parts with: invented people, fixed dates."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.contrib.staticfiles import finders

from requests_app.components.forms import AnyOf, OneOf, Option, PlainForm
from requests_app.components.parts import (
    Cell,
    ClockBar,
    ClockFact,
    Column,
    FileEntry,
    Pause,
    Progress,
    Row,
    Step,
    Tab,
    Table,
    Task,
    track,
)

RINGS = {
    "ring": "not begun",
    "ring-dash": "cannot begin",
    "ring-q": "runs, far",
    "ring-half": "runs, near",
    "ring-now": "here",
    "ring-done": "done",
    "ring-pause": "paused",
    "ring-bad": "late, failed",
    "ring-x": "cancelled",
    "ring-skip": "excluded",
    "ring-none": "nothing found",
}
COLOURS = [
    "brand",
    "brand-deep",
    "brand-spark",
    "accent",
    "tint",
    "tint-2",
    "paper",
    "canvas",
    "sunk",
    "line",
    "line-2",
    "edge",
    "ink",
    "ink-2",
    "ink-3",
    "good",
    "good-tint",
    "warn",
    "warn-tint",
    "bad",
    "bad-tint",
    "info",
    "info-tint",
    "hold",
    "hold-tint",
    "mark",
]


class SampleForm(PlainForm):
    """One field of each kind."""

    widths: ClassVar[dict[str, str]] = {"code": "input-code", "late": "w-m"}

    plain = forms.CharField(label="Plain", help_text="A hint says what happens with it.", required=False)
    late = forms.CharField(label="With an error", error_messages={"required": "Enter a date in the past"})
    code = forms.CharField(label="Code", initial="K7PX2MQD", required=False)
    long = forms.CharField(label="Long text (optional)", widget=forms.Textarea, required=False)
    which = forms.ChoiceField(
        label="One of a list", choices=[("pt", "Portugal"), ("es", "Spain")], required=False
    )
    one = forms.ChoiceField(
        label="One of these",
        choices=[("me", "Me"), ("other", "Someone I represent")],
        widget=OneOf({"me": Option("My own information.", "user"), "other": Option("", "users")}),
        initial="me",
        required=False,
    )
    any = forms.MultipleChoiceField(
        label="All that apply",
        choices=[("copy", "Get a copy"), ("delete", "Delete"), ("unsure", "I am not sure")],
        widget=AnyOf({"copy": Option("Right of access", "copy"), "unsure": Option(after_or=True)}),
        initial=["copy"],
        required=False,
    )


STEPS = [
    Step("Who it is about", Progress.DONE, "#"),
    Step("Where you live", Progress.NOW),
    Step("What you would like"),
]
HISTORY = [
    Step("Here", Progress.NOW, when=date(2026, 11, 17)),
    Step("Done", Progress.DONE, when=date(2026, 11, 3)),
    Step("Still to come", text="No date yet"),
]
TASKS = [
    Task("Done", Progress.DONE, "Done on 8 November"),
    Task("Answer our question", Progress.NOW, "Not begun", "#", "By 24 November"),
    Task("Cannot start yet", Progress.OFF, "Not ready yet", text="After you have your copy."),
]
ROWS = [
    Row("Name", ["Maria-Antonieta Vasconcelos de Albuquerque e Castro-Ribeiro"], "#", "name"),
    Row("Rights", ["Get a copy", "Delete"], "#", "what you would like"),
    Row("Phone number", [""], "#", "phone number"),
]
TABS = [
    Tab("Needs me now", "#", current=True, count=7),
    Tab("Overdue", "#", count=1, bad=True),
    Tab("All", "#"),
]
FILES = [
    FileEntry(
        "Your information", "Open index.html.", "482.6 MB", "not fetched yet", "9f2c41d8" * 8, "#", True
    ),
    FileEntry("Our letter to you", "In English.", "214 kB", "fetched once", "b81a6e44" * 8, "#"),
    FileEntry("Erased", "Was here until 27 December.", "11 kB", "fetched 3 times", "03be77c1" * 8),
]
WHY = [
    "Your request reached us on 3 November 2026. The law gives one month: 3 December.",
    "7 December is a working day in Portugal, so the date stands.",
]
CLOCK = ClockBar(
    words="Received 3 November. Paused 4 to 8 November. Today is 24 November. Due 7 December.",
    today=54.4,
    due=88.0,
    pauses=[Pause(2.6, 12.9)],
    extension=True,
    facts=[
        ClockFact("Received", "3 Nov 2026", "by web form"),
        ClockFact("Paused", "4 days", "4 to 8 Nov, identity", "held"),
        ClockFact("Today", "24 Nov", "day 21", "now"),
        ClockFact("Due", "7 Dec 2026", "13 days left", "due"),
        ClockFact("Extension possible", "to 8 Feb 2027", "if told by 7 Dec", "ext"),
    ],
)
TABLE = Table(
    caption="Example",
    columns=[
        Column("Reference"),
        Column("Stage"),
        Column("Due", url="#", sorted="ascending"),
        Column("Records", end=True),
    ],
    rows=[
        [
            Cell("OM-7PLC-3V8E", "#"),
            Cell("For approval"),
            Cell("26 Nov", icon="ring-half", kind="warn"),
            Cell("1,420"),
        ],
        [
            Cell("OM-3BNV-8YCU", "#"),
            Cell("Waiting", small="since 20 Nov"),
            Cell("Paused", icon="ring-pause", kind="hold"),
            Cell("0"),
        ],
    ],
)


def icon_names() -> list[str]:
    """Every symbol of icons.svg."""
    path = finders.find("requests_app/brand/icons.svg")
    return re.findall(r'id="i-([a-z0-9-]+)"', Path(str(path)).read_text(encoding="utf-8"))


def samples() -> dict[str, Any]:
    """The template context of the gallery."""
    return {
        "rings": RINGS,
        "icons": icon_names(),
        "colours": COLOURS,
        "sample_form": SampleForm({"late": "", "code": "K7PX2MQD", "one": "me", "any": ["copy"]}),
        "steps": STEPS,
        "history": HISTORY,
        "tasks": TASKS,
        "rows": ROWS,
        "tabs": TABS,
        "files": FILES,
        "why": WHY,
        "due": date(2026, 12, 7),
        "said_at": datetime(2026, 11, 13, 10, 20, tzinfo=UTC),
        "track": track(["Received", "Confirmed", "Gathering", "Checking", "Answered"], 2),
        "track_done": track(["Received", "Confirmed", "Gathering", "Checking", "Answered"], 5),
        "clock": CLOCK,
        "table": TABLE,
    }
