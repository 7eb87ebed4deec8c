"""One request as a row of the queue, for the table and for the CSV alike."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.due import Due, due_of
from requests_app.review.masking import masked_name
from requests_app.review.words import ago, avatar_class, country_name, regime_name, turn_icon
from requests_app.spreadsheets import harmless

TITLES = (
    gettext_lazy("Reference"),
    gettext_lazy("Person"),
    gettext_lazy("Right"),
    gettext_lazy("Country"),
    gettext_lazy("Law"),
    gettext_lazy("Stage"),
    gettext_lazy("Whose turn"),
    gettext_lazy("Due"),
    gettext_lazy("Assigned to"),
    gettext_lazy("Last activity"),
)


@dataclass(frozen=True)
class QueueRow:
    """What the queue shows of a request; the name is masked before it comes here."""

    subject_request: SubjectRequest
    person: str
    right: str
    country: str
    law: str
    stage: str
    turn: str
    turn_icon: str
    due: Due
    activity: str

    @property
    def reference(self) -> str:
        """The reference, which names the row."""
        return self.subject_request.reference

    @property
    def avatar(self) -> str:
        """The tint of the badge of whoever has the request."""
        return avatar_class(self.subject_request.assignee) if self.subject_request.assignee else ""


def rows_of(requests: Iterable[SubjectRequest], *, now: datetime) -> list[QueueRow]:
    """Return requests as rows of the queue."""
    return [_row(each, now=now) for each in requests]


def _row(subject_request: SubjectRequest, *, now: datetime) -> QueueRow:
    return QueueRow(
        subject_request=subject_request,
        person=masked_name(subject_request.subject_name),
        right=str(right(subject_request.right).short_label),
        country=country_name(subject_request.place),
        law=regime_name(subject_request.regime),
        stage=subject_request.get_state_display(),
        turn=str(subject_request.state_facts.turn.label),
        turn_icon=turn_icon(subject_request),
        due=due_of(subject_request, today=day_of(subject_request, now)),
        activity=ago(subject_request.state_since, now=now),
    )


def csv_lines(rows: Iterable[QueueRow]) -> Iterator[str]:
    """Write rows as CSV, one line at a time, with nothing in them that a spreadsheet would run."""
    yield _line([str(title) for title in TITLES])
    for row in rows:
        subject_request = row.subject_request
        yield _line(
            [
                row.reference,
                row.person,
                row.right,
                row.country,
                row.law,
                row.stage,
                row.turn,
                subject_request.response_due_on.isoformat(),
                subject_request.assignee.display_name if subject_request.assignee else "",
                subject_request.state_since.isoformat(timespec="minutes"),
            ]
        )


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()
