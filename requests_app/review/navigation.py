"""What stands in the rail, which tabs a case has, on which page a move is made; other apps add theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from requests_app.accounts.models import StaffMember
from requests_app.components.parts import Tab
from requests_app.identity.ways import given_by
from requests_app.letters.selectors import letters_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.send_again import count_undelivered
from requests_app.roles import Permission


@dataclass(frozen=True)
class RailLink:
    """One link of the rail at the side; `section` is the small heading it stands under.

    One that is there `only_while_open` is drawn while its count is above nought.
    """

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: Permission
    section: str | Promise = ""
    count: Callable[[StaffMember], int] | None = None
    only_while_open: bool = False


@dataclass(frozen=True)
class CaseTab:
    """One tab of a case; its address takes the reference."""

    key: str
    label: str | Promise
    url_name: str
    permission: Permission
    position: int
    count: Callable[[SubjectRequest], int | None] | None = None


@dataclass(frozen=True)
class MovePage:
    """Where a move is made when a plain confirm page is not enough.

    `label` is the words of the link that leads there. One made `only_there` has no confirm page. One that `completes`
    takes what the move still lacks, so the link is there before the move is possible.
    """

    url_name: str
    label: str | Promise
    only_there: bool = False
    completes: bool = False


@dataclass(frozen=True)
class Hint:
    """What another app knows better about the next step of a case: its words, and where it is taken."""

    title: str
    text: str
    label: str
    url: str


Hinter = Callable[[SubjectRequest], Hint | None]

_links: dict[str, RailLink] = {}
_tabs: dict[str, CaseTab] = {}
_pages: dict[Move, MovePage] = {}
_hinters: list[Hinter] = []


def add_link(link: RailLink) -> None:
    """Put a link in the rail; called once, from an app's `ready`."""
    _links[link.key] = link


def add_tab(tab: CaseTab) -> None:
    """Give every case another tab; called once, from an app's `ready`."""
    _tabs[tab.key] = tab


def make_move_on(move: Move, page: MovePage) -> None:
    """Say on which page a move is made; called once, from an app's `ready`."""
    _pages[move] = page


def add_hinter(hinter: Hinter) -> None:
    """Let another app say what is next when it knows better; called once, from its `ready`."""
    _hinters.append(hinter)


def hint_for(subject_request: SubjectRequest) -> Hint | None:
    """Return what an app has to say about the next step, or None."""
    return next((hint for hinter in _hinters if (hint := hinter(subject_request)) is not None), None)


def page_of(move: Move) -> MovePage | None:
    """Return the page on which a move is made, or None for the plain confirm page."""
    return _pages.get(move)


def links_for(member: StaffMember) -> list[RailLink]:
    """Return the links that this person may follow, in the order in which they were added."""
    return [link for link in _links.values() if member.may(link.permission)]


def home_of(member: StaffMember) -> str:
    """Return the address of the first page in the rail that this person may see."""
    links = links_for(member)
    return reverse(links[0].url_name) if links else reverse("mfa_index")


def tabs_of(subject_request: SubjectRequest, member: StaffMember, current: str) -> Sequence[Tab]:
    """Return the tabs of a case that this person may open."""
    allowed = (tab for tab in _tabs.values() if member.may(tab.permission))
    return [
        Tab(
            str(tab.label),
            reverse(tab.url_name, args=[subject_request.reference]),
            tab.key == current,
            tab.count(subject_request) if tab.count else None,
        )
        for tab in sorted(allowed, key=lambda tab: tab.position)
    ]


def connect() -> None:
    """Add the links and tabs of this app, and the pages of its moves."""
    make_move_on(Move.ASK_PERSON, MovePage("review:ask", Move.ASK_PERSON.label, only_there=True))
    make_move_on(Move.TAKE_ANSWER, MovePage("review:answer", Move.TAKE_ANSWER.label, only_there=True))
    add_link(RailLink("queue", _("Queue"), "list", "review:queue", Permission.SEE_CASES))
    add_link(
        RailLink(
            "staff_mails",
            _("Mails that failed"),
            "mail",
            "review:staff_mails",
            Permission.WORK_CASES,
            count=lambda _member: count_undelivered(),
            only_while_open=True,
        )
    )
    add_link(RailLink("laws", _("Laws"), "scale", "review:laws", Permission.SEE_CASES))
    add_link(
        RailLink("wordings", _("Words of letters"), "message", "review:wordings", Permission.EDIT_LETTERS)
    )
    add_link(RailLink("retention", _("Retention"), "clock", "review:retention", Permission.SEE_AUDIT))
    _add_tabs()
    decide = MovePage("review:decide", _("Decide about it"), only_there=True, completes=True)
    make_move_on(Move.GRANT, decide)
    make_move_on(Move.LET_STAND, decide)
    announce = MovePage("review:decide", _("Announce the end"), only_there=True)
    make_move_on(Move.ANNOUNCE_LIFTING, announce)
    make_move_on(Move.FORWARD, MovePage("review:forward", Move.FORWARD.label, only_there=True))
    # No level is raised, and no identity confirmed, by a button: a proof is compared on a page of its own.
    make_move_on(Move.ADD_PROOF, MovePage("review:identity", _("Look at the proofs"), only_there=True))
    make_move_on(Move.CONFIRM_IDENTITY, MovePage("review:identity", _("Look at the proofs"), only_there=True))
    make_move_on(
        Move.ASK_MORE_PROOF, MovePage("review:ask_more_proof", Move.ASK_MORE_PROOF.label, only_there=True)
    )
    make_move_on(Move.LESSEN, MovePage("review:lesser_answer", Move.LESSEN.label, only_there=True))
    add_hinter(_proof_to_look_at)
    make_move_on(Move.JOIN, MovePage("review:join", Move.JOIN.label, only_there=True))


def _add_tabs() -> None:
    see = Permission.SEE_CASES
    add_tab(CaseTab("overview", _("Overview"), "review:case", see, 10))
    add_tab(CaseTab("clock", _("Clock"), "review:clock", see, 15))
    add_tab(CaseTab("identity", _("Identity"), "review:identity", see, 20))
    add_tab(CaseTab("messages", _("Messages"), "review:messages", see, 50, _messages_of))
    add_tab(CaseTab("letters", _("Letters"), "review:letters", see, 55, _letters_of))
    add_tab(CaseTab("decisions", _("Decisions"), "review:decisions", see, 60))
    add_tab(CaseTab("audit", _("Audit"), "review:audit", Permission.SEE_AUDIT, 70))


def _proof_to_look_at(subject_request: SubjectRequest) -> Hint | None:
    """A proof that was given is for us to look at, though the case as a whole waits for the person."""
    if subject_request.state != RequestState.AWAITING_IDENTITY or not given_by(subject_request):
        return None
    return Hint(
        _gettext("Next: look at the proof that was given"),
        _gettext(
            "Compare it with what we hold, and accept or reject it. The wait of the person does not run out meanwhile."
        ),
        _gettext("Look at the proof"),
        reverse("review:identity", args=[subject_request.reference]),
    )


def _letters_of(subject_request: SubjectRequest) -> int | None:
    return letters_of(subject_request).count() or None


def _messages_of(subject_request: SubjectRequest) -> int | None:
    return subject_request.messages.count() or None
