"""What this app adds to the staff's desk: a link in the rail, tabs of a case, pages for moves, words."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.bundles.selectors import troubled_bundle
from fulfillment.changes import desk as changes_desk
from fulfillment.changes.start import PRIVACY_TEAM
from fulfillment.findings.models import Finding
from fulfillment.findings.suggestions.duty import others_were_looked_for
from fulfillment.identities.selectors import identities_to_decide
from fulfillment.recipients import desk as recipients_desk
from fulfillment.runs.rounds import search_is_of_all_that_is_known
from fulfillment.runs.selectors import latest_run, latest_run_for, progress
from fulfillment.runs.states import RunPurpose
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.selectors import traces_to_decide
from fulfillment.sweeps.states import TraceDecision
from fulfillment.transmissions import desk as transmissions_desk
from requests_app.decisions.renew import may_renew, renewed_as
from requests_app.lifecycle.conditions import also_demand
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState
from requests_app.review.history import speak_of
from requests_app.review.navigation import (
    CaseTab,
    Hint,
    MovePage,
    RailLink,
    add_hinter,
    add_link,
    add_tab,
    make_move_on,
)
from requests_app.roles import Permission


def connect() -> None:
    """Register all of it; called once, at start-up."""
    changes_desk.connect()
    _add_links()
    recipients_desk.connect()
    transmissions_desk.connect()
    _add_tabs()
    make_move_on(Move.APPROVE, MovePage("runs:plan", gettext_lazy("Read the plan"), only_there=True))
    make_move_on(Move.FINISH_REVIEW, MovePage("findings:findings", gettext_lazy("Review the findings")))
    make_move_on(
        Move.RELEASE, MovePage("release:release", gettext_lazy("Look at what goes out"), only_there=True)
    )
    for move in (Move.FINISH_REVIEW, Move.PROPOSE_DELETION):
        also_demand(move, search_is_of_all_that_is_known)
    also_demand(Move.FINISH_REVIEW, others_were_looked_for)
    add_hinter(_failed_sources)
    add_hinter(_failed_copy)
    add_hinter(_unfetched_copy)
    speak_of("source", _labels)
    speak_of("decision", lambda _keys: {str(value): str(label) for value, label in TraceDecision.choices})
    speak_of("sources", _labels)
    speak_of("reason", lambda codes: {code: code.replace("_", " ") for code in codes})


def _add_tabs() -> None:
    add_tab(
        CaseTab(
            "known_by",
            gettext_lazy("Known by"),
            "known_by:list",
            Permission.SEE_CASES,
            25,
            lambda subject_request: identities_to_decide(subject_request) or None,
        )
    )
    add_tab(
        CaseTab("sources", gettext_lazy("Sources"), "runs:sources", Permission.SEE_CASES, 30, _sources_of)
    )
    add_tab(
        CaseTab(
            "items",
            gettext_lazy("Items for review"),
            "findings:findings",
            Permission.SEE_FINDINGS,
            40,
            _items_of,
        )
    )
    add_tab(
        CaseTab(
            "traces",
            gettext_lazy("Traces"),
            "sweeps:traces",
            Permission.SEE_FINDINGS,
            42,
            lambda subject_request: traces_to_decide(subject_request) or None,
        )
    )


def _add_links() -> None:
    add_link(
        RailLink(
            "sources",
            gettext_lazy("Sources"),
            "database",
            "sources:sources",
            Permission.SEE_SOURCES,
            gettext_lazy("Systems"),
        )
    )
    add_link(
        RailLink(
            "coverage",
            gettext_lazy("Coverage"),
            "table",
            "maps:coverage",
            Permission.SEE_SOURCES,
            gettext_lazy("Systems"),
        )
    )


def _failed_sources(subject_request: SubjectRequest) -> Hint | None:
    is_searched = subject_request.state in (RequestState.FULFILLING, RequestState.VERIFYING)
    run = latest_run(subject_request) if is_searched else None
    failed = progress(run).failed if run else ()
    if not failed:
        return None
    named = ", ".join(task.source.label for task in failed)
    return Hint(
        title=_("Next: a source has failed"),
        text=_("%(sources)s: %(why)s The other sources go on. Try it again, or leave it out with a reason.")
        % {"sources": named, "why": failed[0].last_error},
        label=_("Look at the sources"),
        url=reverse("runs:sources", args=[subject_request.reference]),
    )


def _failed_copy(subject_request: SubjectRequest) -> Hint | None:
    bundle = troubled_bundle(subject_request)
    if bundle is None:
        return None
    return Hint(
        title=_("Next: the copy could not be put together"),
        text=bundle.last_error,
        label=_("Look at the copy"),
        url=reverse("release:trouble", args=[subject_request.reference]),
    )


def _unfetched_copy(subject_request: SubjectRequest) -> Hint | None:
    if not may_renew(subject_request) or renewed_as(subject_request) is not None:
        return None
    return Hint(
        title=_("The copy was erased before the person fetched it"),
        text=_("They can ask for a new one on their page. If they asked you, begin it for them."),
        label=_("Begin a new copy"),
        url=reverse("release:renew", args=[subject_request.reference]),
    )


def _sources_of(subject_request: SubjectRequest) -> int | None:
    run = latest_run(subject_request)
    return run.tasks.count() if run else None


def _items_of(subject_request: SubjectRequest) -> int | None:
    run = latest_run_for(subject_request, RunPurpose.SEARCH)
    return Finding.objects.filter(task__run=run, row_count__gt=0).count() or None if run else None


def _labels(keys: set[str]) -> Mapping[str, str]:
    sources = dict(DataSource.objects.filter(key__in=keys).values_list("key", "label"))
    return {PRIVACY_TEAM: _("the privacy team"), **sources}
