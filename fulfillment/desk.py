"""What this app adds to the staff's desk: a link in the rail, two tabs of a case, pages for three moves, words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from fulfillment.findings.models import Finding
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.models import DataSource
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.review.history import speak_of
from requests_app.review.navigation import CaseTab, MovePage, RailLink, add_link, add_tab, make_move_on
from requests_app.roles import Permission


def connect() -> None:
    """Register all of it; called once, at start-up."""
    add_link(
        RailLink("sources", _("Sources"), "database", "sources:sources", Permission.SEE_SOURCES, _("Systems"))
    )
    add_tab(CaseTab("sources", _("Sources"), "runs:sources", Permission.SEE_CASES, 30, _sources_of))
    add_tab(CaseTab("items", _("Items for review"), "findings:findings", Permission.SEE_FINDINGS, 40, _items_of))
    make_move_on(Move.APPROVE, MovePage("runs:plan", _("Read the plan")))
    make_move_on(Move.FINISH_REVIEW, MovePage("findings:findings", _("Review the findings")))
    make_move_on(Move.RELEASE, MovePage("release:release", _("Look at what goes out"), only_there=True))
    speak_of("source", _labels)
    speak_of("sources", _labels)
    speak_of("reason", lambda codes: {code: code.replace("_", " ") for code in codes})


def _sources_of(subject_request: SubjectRequest) -> int | None:
    run = latest_run(subject_request)
    return run.tasks.count() if run else None


def _items_of(subject_request: SubjectRequest) -> int | None:
    run = latest_run(subject_request)
    return Finding.objects.filter(task__run=run, row_count__gt=0).count() or None if run else None


def _labels(keys: set[str]) -> Mapping[str, str]:
    return dict(DataSource.objects.filter(key__in=keys).values_list("key", "label"))
