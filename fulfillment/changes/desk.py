"""What changes add to the staff's desk: a tab of every case, one's own tasks, the pages of a deletion, hints."""

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fulfillment.changes.finish import SYSTEM
from fulfillment.changes.holding import STOPS, day_in_words, hold_of, nothing_is_held
from fulfillment.changes.models import ChangeHold, ChangeKind, ChangeTask
from fulfillment.changes.read_backs.selectors import looks_open_since, open_questions
from fulfillment.changes.rehearsals.look import nothing_stands_in_the_way
from fulfillment.changes.selectors import changes_of, changes_waiting_for, open_changes
from requests_app.lifecycle.conditions import Attempt, access_comes_first, also_demand
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

READ = gettext_lazy("Read the dry run")


def connect() -> None:
    """Register all of it; called once, at start-up."""
    add_link(
        RailLink(
            "changes",
            gettext_lazy("My tasks"),
            "check",
            "changes:mine",
            Permission.CARRY_OUT,
            count=changes_waiting_for,
        )
    )
    add_tab(
        CaseTab("changes", gettext_lazy("Changes"), "changes:changes", Permission.SEE_CASES, 45, _changes_of)
    )
    make_move_on(Move.PROPOSE_DELETION, MovePage("changes:dry_run", READ, only_there=True))
    make_move_on(Move.APPROVE_DELETION, MovePage("changes:dry_run", READ, only_there=True))
    make_move_on(
        Move.COMPLETE, MovePage("changes:result", gettext_lazy("Look at the result"), only_there=True)
    )
    also_demand(Move.APPROVE_DELETION, nothing_stands_in_the_way)
    for move in STOPS:
        also_demand(move, nothing_is_held)
    add_hinter(_dry_run_to_read)
    add_hinter(_waiting)
    add_hinter(_changes_to_make)
    add_hinter(_second_look)
    speak_of("kind", lambda _kinds: {str(value): str(label) for value, label in ChangeKind.choices})


def _changes_of(subject_request: SubjectRequest) -> int | None:
    return changes_of(subject_request).count() or None


def _dry_run_to_read(subject_request: SubjectRequest) -> Hint | None:
    if subject_request.state != RequestState.CHECKING or subject_request.right != "deletion":
        return None
    return Hint(
        title=_("Next: read the dry run"),
        text=_("It says what would be deleted and what must be kept. Nothing has been changed."),
        label=str(READ),
        url=reverse("changes:dry_run", args=[subject_request.reference]),
    )


def _waiting(subject_request: SubjectRequest) -> Hint | None:
    if subject_request.state != RequestState.WAITING_PERIOD or subject_request.waits_until is None:
        return None
    ends = formats.date_format(timezone.localtime(subject_request.waits_until), "j F Y, H:i T")
    attempt = Attempt(subject_request, SYSTEM)
    held, why_not = nothing_is_held(attempt), access_comes_first(attempt)
    text = _(
        "It ends on %(day)s. The person was told and can still stop it; then the deletion begins by itself."
    )
    title = _("Next: the waiting period ends")
    if held:
        title = _("Next: the hold ends, then the deletion begins")
    elif why_not:
        title = _("Next: the copy is delivered, then the deletion begins")
    return Hint(
        title=title,
        text=" ".join(filter(None, (text % {"day": ends}, held, why_not))),
        label=_("See what will be deleted"),
        url=reverse("changes:dry_run", args=[subject_request.reference]),
    )


def _changes_to_make(subject_request: SubjectRequest) -> Hint | None:
    if subject_request.state not in (RequestState.EXECUTING, RequestState.LIFTING):
        return None
    waiting = list(open_changes(subject_request))
    by_hand = [each for each in waiting if each.is_for_a_person]
    texts = [_by_hand(by_hand), _by_themselves(len(waiting) - len(by_hand)), _read_back(subject_request)]
    if not any(texts):
        return None
    texts = [_held_back(hold_of(subject_request)), *texts]
    return Hint(
        title=_("Next: every source does its part"),
        text=" ".join([*filter(None, texts), _("The request goes on when none is open.")]),
        label=_("See the changes"),
        url=reverse("changes:changes", args=[subject_request.reference]),
    )


def _held_back(hold: ChangeHold | None) -> str:
    if hold is None:
        return ""
    if hold.until is None:
        return _("The changes are held back: nothing more is changed until the hold is lifted.")
    text = _(
        "The changes are held back: nothing more is changed up to and including %(day)s, or until the hold is lifted."
    )
    return text % {"day": day_in_words(hold.until)}


def _by_hand(waiting: list[ChangeTask]) -> str:
    if not waiting:
        return ""
    named = ", ".join(
        dict.fromkeys(each.source.label if each.source else _("Privacy team") for each in waiting)
    )
    text = ngettext(
        "%(number)d change is still to be made by hand: %(sources)s.",
        "%(number)d changes are still to be made by hand: %(sources)s.",
        len(waiting),
    )
    return text % {"number": len(waiting), "sources": named}


def _by_themselves(number: int) -> str:
    text = ngettext(
        "%(number)d change is being made by its source.",
        "%(number)d changes are being made by their sources.",
        number,
    )
    return text % {"number": number} if number else ""


def _read_back(subject_request: SubjectRequest) -> str:
    if open_questions(subject_request):
        return _("What was changed does not read as decided, or could not be read back: look at it.")
    since = looks_open_since([subject_request.pk])
    return _("What was changed is being read back.") if since else ""


def _second_look(subject_request: SubjectRequest) -> Hint | None:
    """What a later look showed is to be seen to, though the request is answered."""
    if not open_questions(subject_request):
        return None
    return Hint(
        title=_("Next: look at what was read back"),
        text=_("A source does not read as decided any more, or could not be looked at again."),
        label=_("See the changes"),
        url=reverse("changes:changes", args=[subject_request.reference]),
    )
